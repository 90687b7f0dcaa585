/** Limits the output of a tool that prints endlessly. 8 MiB is many times what npm prints at most. */
const maxOutputBytes = 8 * 1024 * 1024;

/** How long to wait for the remaining output of a tool after it was killed. */
const remainingOutputMs = 100;

export interface ToolRun {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The tool is killed after this time. */
  readonly timeoutMs: number;
}

export interface ToolResult {
  readonly stdout: string;
  readonly stderr: string;
  /** Undefined if a signal killed it or it could not be started; `stderr` then contains the reason. */
  readonly exitCode: number | undefined;
}

/**
 * Runs another program until it exits, without input and without access to the terminal. It is killed when this process
 * exits.
 */
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
  // A child of the tool may keep running and hold the output open, and execa would wait for it.
  const closeOutput = setTimeout(() => {
    subprocess.stdout.destroy();
    subprocess.stderr.destroy();
  }, timeoutMs + remainingOutputMs);
  const result = await subprocess.finally(() => clearTimeout(closeOutput));
  const { stdout, stderr, exitCode } = result;
  if (result.timedOut) return { stdout, stderr: `${stderr}\nIt took longer than ${timeoutMs / 1_000} s`, exitCode };
  const isSilent = exitCode === undefined && stderr === '';
  return { stdout, stderr: isSilent ? (result.message ?? '') : stderr, exitCode };
}
