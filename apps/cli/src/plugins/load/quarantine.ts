/** Thrown in the place of an end of the process. */
class ExitRefused extends Error {
  constructor(code: unknown) {
    super(`it ended the process while it was loaded: process.exit(${code ?? ''})`);
    this.name = 'ExitRefused';
  }
}

let isContaminated = false;

/** Whether code of plugins may have been imported without being asked for: its timers and sockets could keep the process alive. */
export function hasQuarantined(): boolean {
  return isContaminated;
}

/**
 * Runs `load`, during which code of plugins is imported that nobody has asked to run: it can neither end the process, nor
 * print among the data of a command, nor have Node print warnings.
 */
export async function inQuarantine<T>(load: (warnings: string[]) => Promise<T>): Promise<T> {
  const warnings: string[] = [];
  const { exit, emitWarning } = process;
  const { stdout } = process;
  const hadWrite = Object.getOwnPropertyDescriptor(stdout, 'write');
  const swallow = (...args: unknown[]) => {
    const done = args.at(-1);
    if (typeof done === 'function') queueMicrotask(() => done());
    return true;
  };
  process.exit = (code) => {
    throw new ExitRefused(code);
  };
  process.emitWarning = (warning: string | Error) => void warnings.push(String(warning));
  Object.defineProperty(stdout, 'write', { value: swallow, configurable: true, writable: true });
  try {
    return await load(warnings);
  } finally {
    isContaminated = true;
    Object.assign(process, { exit, emitWarning });
    if (hadWrite) Object.defineProperty(stdout, 'write', hadWrite);
    else Reflect.deleteProperty(stdout, 'write');
  }
}
