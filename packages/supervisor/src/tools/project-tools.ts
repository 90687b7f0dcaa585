import { basename, dirname } from 'node:path';
import { runTool } from './run-tool.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** An engine that runs answers at once. */
const timeoutMs = 3_000;

/** Whether `docker compose` works; `no-engine`: it is installed, but its engine does not answer. */
export async function findCompose(cwd: string, env: Environment): Promise<'works' | 'no-engine' | 'missing'> {
  const run = (...args: readonly string[]) => runTool({ file: 'docker', args, cwd, env, timeoutMs });
  const [compose, engine] = await Promise.all([
    run('compose', 'version'),
    run('version', '--format', '{{.Server.Version}}'),
  ]);
  if (compose.exitCode !== 0) return 'missing';
  return engine.exitCode === 0 ? 'works' : 'no-engine';
}

/** Whether git tracks a file; false if git is not installed. */
export async function isTracked(path: string, env: Environment): Promise<boolean> {
  const args = ['ls-files', '--error-unmatch', '--', basename(path)];
  const { exitCode } = await runTool({ file: 'git', args, cwd: dirname(path), env, timeoutMs });
  return exitCode === 0;
}
