import { CandleError } from '@candle/core';

/** A tool was called with input of another form than its schema says. */
export class InvalidToolInputError extends CandleError {
  /** @param problems what is wrong with it, each as a clause: "port must be a whole number" */
  constructor(toolName: string, problems: readonly string[], fields: readonly string[]) {
    super({
      code: 'MCP_INPUT_INVALID',
      message: `Invalid input for ${toolName}: ${problems.join('; ')}`,
      hint: `Fields of ${toolName}: ${fields.join(', ')}`,
      details: { tool: toolName, problems, fields },
    });
  }
}
