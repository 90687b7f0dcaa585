import { CandleError } from '@candle/core/errors';

/** The input of a tool call does not match the tool's schema. */
export class InvalidToolInputError extends CandleError {
  static readonly code = 'MCP_INPUT_INVALID';
  static example() {
    return new InvalidToolInputError(
      'ReleasePorts',
      ["unknown field 'service'"],
      ['serviceName', 'port', 'projectDir'],
    );
  }

  /** @param problems what is wrong, each as a clause: "port must be a whole number" */
  constructor(toolName: string, problems: readonly string[], fields: readonly string[]) {
    super({
      message: `Invalid input for ${toolName}: ${problems.join('; ')}`,
      hint: `Valid fields of ${toolName}: ${fields.join(', ')}`,
      details: { tool: toolName, problems, fields },
    });
  }
}

/** The client works in several directories, and the call does not say which one to use. */
export class RootNotChosenError extends CandleError {
  static readonly code = 'MCP_ROOT_NOT_CHOSEN';
  static example() {
    return new RootNotChosenError(['/home/ada/shop', '/home/ada/blog'], { areProjects: true });
  }

  constructor(dirs: readonly string[], { areProjects }: { areProjects: boolean }) {
    super({
      message: areProjects
        ? `The client works in ${dirs.length} projects: ${dirs.join(', ')}`
        : `None of the ${dirs.length} directories that the client works in is a project: ${dirs.join(', ')}`,
      hint: 'Set projectDir to one of them',
      details: { dirs, areProjects },
    });
  }
}

/** The client closed the connection, so a wait that changes nothing was cancelled. */
export class ClientGoneError extends CandleError {
  static readonly code = 'MCP_CLIENT_GONE';
  static example() {
    return new ClientGoneError(3_000);
  }

  constructor(timeoutMs: number) {
    super({
      message: `The client closed the connection, so the wait was cancelled after another ${timeoutMs / 1000} s`,
      hint: 'Keep the stdin of candle mcp open until the result has arrived',
      details: { timeoutMs },
    });
  }
}
