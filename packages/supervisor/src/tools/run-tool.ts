/** Of a tool that prints without end, no more is kept: 8 MiB are many times what npm prints at its worst. */
const maxOutputBytes = 8 * 1024 * 1024;

/** From the end of a tool that was killed to the end of its output. */
const lastWordsMs = 100;

export interface ToolRun {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** After this it is killed. */
  readonly timeoutMs: number;
}

export interface ToolResult {
  readonly stdout: string;
  readonly stderr: string;
  /** Undefined when a signal ended it, or it could not be started; `stderr` says why. */
  readonly exitCode: number | undefined;
}

/** Runs another program to its end, without input and away from the terminal. It ends when this process does. */
export async function runTool({ file, args, cwd, env, timeoutMs }: ToolRun): Promise<ToolResult> {
  const { execa } = await import('execa');
  const subprocess = execa(file, [...args], {
    cwd,
    env: { ...env },
    extendEnv: false,
    stdin: 'ignore',
    reject: false,
    stripFinalNewline: false,
    maxBuffer: maxOutputBytes,
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
  });
  // What it has started may live on and hold its output open, which execa would wait for.
  const letGo = setTimeout(() => {
    subprocess.stdout.destroy();
    subprocess.stderr.destroy();
  }, timeoutMs + lastWordsMs);
  const result = await subprocess.finally(() => clearTimeout(letGo));
  const { stdout, stderr, exitCode } = result;
  if (result.timedOut) return { stdout, stderr: `${stderr}\nIt took longer than ${timeoutMs / 1_000} s`, exitCode };
  const isSilent = exitCode === undefined && stderr === '';
  return { stdout, stderr: isSilent ? (result.message ?? '') : stderr, exitCode };
}
