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

/** The client works in several directories, and the call does not say which is meant. */
export class RootNotChosenError extends CandleError {
  constructor(dirs: readonly string[], { areProjects }: { areProjects: boolean }) {
    super({
      code: 'MCP_ROOT_NOT_CHOSEN',
      message: areProjects
        ? `The client works in ${dirs.length} projects: ${dirs.join(', ')}`
        : `None of the ${dirs.length} directories that the client works in is a project: ${dirs.join(', ')}`,
      hint: 'Give projectDir, one of them.',
      details: { dirs, areProjects },
    });
  }
}

/** The client has closed the connection, so a wait that changes nothing is given up. */
export class ClientGoneError extends CandleError {
  constructor(timeoutMs: number) {
    super({
      code: 'MCP_CLIENT_GONE',
      message: `The client closed its end, and nothing came within ${timeoutMs / 1000} s after that, so the wait was given up`,
      hint: 'Keep the stdin of candle mcp open until the answer is there.',
      details: { timeoutMs },
    });
  }
}
