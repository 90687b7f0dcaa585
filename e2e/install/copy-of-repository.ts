import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type ProgramResult, runProgram, type Sandbox } from '@candle/test-kit';
import { refusePublicRegistry } from '../registry/refuse-public-registry.ts';
import type { Registry } from '../registry/start-registry.ts';

const repository = join(import.meta.dirname, '../..');
const bins = join(repository, 'node_modules/.bin');

export interface CopyOfRepository {
  readonly root: string;
  run(file: string, ...args: string[]): Promise<ProgramResult>;
  /** Commits everything in the work tree. */
  commit(message: string): Promise<void>;
  // biome-ignore lint/suspicious/noExplicitAny: a test asserts on the form itself
  json(path: string): any;
}

/**
 * Copies the current work tree into a separate git repository and installs its dependencies. The copy can publish only to
 * the given registry.
 */
export async function copyOfRepository(box: Sandbox, registry: Registry): Promise<CopyOfRepository> {
  const root = join(box.root, 'repository');
  const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], {
    cwd: repository,
    encoding: 'utf8',
  });
  for (const file of files.split('\0').filter(Boolean)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    cpSync(join(repository, file), join(root, file));
  }
  // pnpm ignores npm's environment variables. It reads files, and this one has the highest priority.
  writeFileSync(join(root, '.npmrc'), readFileSync(registry.npmrc));
  const store = JSON.parse(readFileSync(join(repository, 'node_modules/.modules.yaml'), 'utf8')).storeDir;
  const env = {
    ...box.env,
    ...registry.env,
    PATH: `${bins}:${box.env.PATH}`,
    CI: 'true',
    TURBO_TELEMETRY_DISABLED: '1',
    // All packages were checked when the repository itself was installed, and there may be no network now.
    PNPM_CONFIG_STORE_DIR: dirname(store),
    PNPM_CONFIG_OFFLINE: 'true',
    PNPM_CONFIG_MINIMUM_RELEASE_AGE: '0',
    GITHUB_REPOSITORY: 'ada/candle',
    GIT_AUTHOR_NAME: 'Ada',
    GIT_AUTHOR_EMAIL: 'ada@example.com',
    GIT_COMMITTER_NAME: 'Ada',
    GIT_COMMITTER_EMAIL: 'ada@example.com',
  };
  const run = (file: string, ...args: string[]) => runProgram(file, args, { cwd: root, env });
  const copy: CopyOfRepository = {
    root,
    run,
    commit: async (message) => {
      await run('git', 'add', '--all');
      await run('git', 'commit', '--quiet', '--message', message);
    },
    json: (path) => JSON.parse(readFileSync(join(root, path), 'utf8')),
  };
  await run('git', 'init', '--quiet', '--initial-branch', 'main');
  await copy.commit('A copy');
  const installed = await run('pnpm', 'install', '--frozen-lockfile');
  if (installed.exitCode !== 0) throw new Error(installed.stdout + installed.stderr);
  for (const tool of ['pnpm', 'npm']) {
    for (const key of ['registry', '@candle:registry']) {
      refusePublicRegistry((await run(tool, 'config', 'get', key)).stdout.trim());
    }
  }
  return copy;
}
