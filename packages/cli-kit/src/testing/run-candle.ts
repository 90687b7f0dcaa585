import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/** The result of a command. A non-zero exit code does not throw: the test checks it. */
export class CommandResult {
  readonly stdout: string;
  readonly stderr: string;
  /** 0 on success, 1 on any error, 128 plus the signal number if it was ended by a signal. */
  readonly exitCode: number;

  /** @internal */
  constructor({ stdout, stderr, exitCode }: { stdout: string; stderr: string; exitCode: number }) {
    this.stdout = stdout;
    this.stderr = stderr;
    this.exitCode = exitCode;
  }

  /** stdout, parsed as JSON. @throws if it is not JSON, with the whole output in the message */
  // biome-ignore lint/suspicious/noExplicitAny: tests assert on the shape themselves
  get json(): any {
    try {
      return JSON.parse(this.stdout);
    } catch (error) {
      const printed = `exit code ${this.exitCode}\nstdout: ${this.stdout}\nstderr: ${this.stderr}`;
      throw new Error(`The command did not print JSON: ${printed}`, { cause: error });
    }
  }
}

export interface RunOptions {
  /** Absolute path. Default: the project of the sandbox. */
  readonly cwd?: string | undefined;
  /** Added to the environment of the sandbox. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Written to stdin, which is then closed. If omitted, stdin is empty. */
  readonly input?: string | undefined;
}

/** Runs a Node script until it exits. */
export function runScript(
  script: string,
  args: readonly string[],
  { cwd, env, input }: { cwd: string; env: Readonly<Record<string, string>>; input?: string | undefined },
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, ...args], { cwd, env, stdio: 'pipe' });
    const output = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => {
        output[name] += text;
      });
    }
    child.once('error', reject);
    child.once('close', (code, signal) => {
      const exitCode = code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
      resolve(new CommandResult({ ...output, exitCode }));
    });
    // A command may exit without reading its stdin.
    child.stdin.on('error', () => undefined).end(input);
  });
}
