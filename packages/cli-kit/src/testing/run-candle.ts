import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/** What a command line came to. Its exit code is for the test to look at: nothing is thrown for it. */
export class CommandResult {
  readonly stdout: string;
  readonly stderr: string;
  /** 0 done, 1 any error; 128 + the number of the signal when one ended it. */
  readonly exitCode: number;

  /** @internal */
  constructor({ stdout, stderr, exitCode }: { stdout: string; stderr: string; exitCode: number }) {
    this.stdout = stdout;
    this.stderr = stderr;
    this.exitCode = exitCode;
  }

  /** What stdout holds, parsed. @throws when it is no JSON, with all that was printed in the message */
  // biome-ignore lint/suspicious/noExplicitAny: a test asserts on the form itself
  get json(): any {
    try {
      return JSON.parse(this.stdout);
    } catch (error) {
      const printed = `exit code ${this.exitCode}\nstdout: ${this.stdout}\nstderr: ${this.stderr}`;
      throw new Error(`The command has not printed JSON: ${printed}`, { cause: error });
    }
  }
}

export interface RunOptions {
  /** Absolute. The project of the sandbox when left out. */
  readonly cwd?: string | undefined;
  /** Added to the environment of the sandbox. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Written to stdin, which is then closed; left out, stdin is empty. */
  readonly input?: string | undefined;
}

/** Runs a script of Node to its end. */
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
    // A command that ends without having read its stdin is nothing to complain of.
    child.stdin.on('error', () => undefined).end(input);
  });
}
