import { readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type CandleOptions, type ProgramResult, runProgram, type Sandbox } from '@candle/test-kit';

/** A separate prefix for `npm install --global`. */
export interface GlobalInstall {
  readonly prefix: string;
  npm(...args: string[]): Promise<ProgramResult>;
  /** Runs candle by name, as a shell finds it on PATH. */
  candle(args: readonly string[], options?: CandleOptions): Promise<ProgramResult>;
}

/** Returns a global installation in which `node` comes first on PATH, for npm and for candle. */
export function globalInstall(
  box: Sandbox,
  npmEnv: Readonly<Record<string, string>>,
  node: string = process.execPath,
): GlobalInstall {
  const prefix = join(box.root, 'prefix');
  const PATH = `${join(prefix, 'bin')}:${dirname(node)}:${box.env.PATH}`;
  // npm stores its compile cache in TMPDIR by default, where tests look for files that candle leaves behind.
  const npmVariables = { PATH, NODE_COMPILE_CACHE: join(box.root, 'npm-compiled'), ...npmEnv };
  return {
    prefix,
    npm: (...args) =>
      runProgram('npm', [...args, '--global', '--prefix', prefix], {
        cwd: box.root,
        env: { ...box.env, ...npmVariables },
      }),
    candle: (args, { cwd = box.projectDir, env = {}, ...rest } = {}) =>
      runProgram('candle', args, { cwd, env: { ...box.env, PATH, ...env }, ...rest }),
  };
}

/** Lists all files below a directory, with paths relative to it. */
export function filesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((path) => !statSync(join(directory, path), { throwIfNoEntry: false })?.isDirectory())
    .sort();
}
