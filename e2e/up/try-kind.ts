import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Sandbox, until } from '@candle/test-kit';
import { expect } from 'vitest';
import { quiet } from '../frameworks/observe.ts';
import { bringUp, type Checkout, gitOutput, runningIn, type Written } from './checkout.ts';
import type { Kind } from './kind.ts';

const standIns = join(import.meta.dirname, 'stand-ins');
const configName = '.candle.json';

/**
 * Runs `candle up` in a fresh checkout of the sandbox's project, again there, and then in worktrees of what it has committed.
 * Returns the configuration that it wrote.
 */
export async function tryKind(box: Sandbox, kind: Kind, worktrees = kind.worktrees): Promise<Written> {
  const env = {
    ...quiet,
    ...packagesFromCache(),
    ...(kind.hasStandIns ? { PATH: `${standIns}:${box.env.PATH}` } : {}),
  };
  await gitOutput(box, 'init', '--quiet', '--initial-branch=main');
  await commit(box, 'Add the project');

  const first = await bringUp(box, kind, box.projectDir, env);
  expect(await gitOutput(box, 'status', '--porcelain')).toBe(`?? ${configName}\n`);
  const again = await bringUp(box, kind, box.projectDir, env);
  expect(again).toEqual(first);

  const written: Written = JSON.parse(configOf(box.projectDir));

  // A worktree shows that its configuration is a copy, and not the result of another search.
  if (kind.isUntracked) appendFileSync(join(box.projectDir, configName), '// Only in this checkout\n');
  else await commit(box, 'Configure Candle');
  const checkouts = [first];
  for (let number = 1; number <= worktrees; number++) {
    checkouts.push(await bringUpWorktree(box, kind, { dir: join(box.root, `worktree-${number}`), env }));
    const ports = checkouts.flatMap(portsOf);
    expect(ports).toEqual([...new Set(ports)]);
  }
  expect(await runningIn(box, kind, box.projectDir)).toEqual(first.services);
  await endAll(box);
  return written;
}

/** On exit, Next.js starts a telemetry process in a separate session, which exits by itself. */
async function endAll(box: Sandbox): Promise<void> {
  await box.candle(['kill-all']);
  const explain = () => JSON.stringify(box.processes());
  await until('all processes of the services have ended', () => box.processes().length === 0, { explain });
}

interface Worktree {
  readonly dir: string;
  readonly env: Readonly<Record<string, string>>;
}

async function bringUpWorktree(box: Sandbox, kind: Kind, { dir, env }: Worktree): Promise<Checkout> {
  await gitOutput(box, 'worktree', 'add', '--quiet', dir);
  const checkout = await bringUp(box, kind, dir, env);
  expect(await gitOutput(box, '-C', dir, 'status', '--porcelain')).toBe(kind.isUntracked ? `?? ${configName}\n` : '');
  expect(configOf(dir)).toBe(configOf(box.projectDir));
  return checkout;
}

function portsOf({ services }: Checkout): readonly number[] {
  return Object.values(services).flatMap(({ port }) => (port === null ? [] : [port]));
}

async function commit(box: Sandbox, subject: string): Promise<void> {
  await gitOutput(box, 'add', '--all');
  await gitOutput(box, 'commit', '--quiet', `--message=${subject}`);
}

function configOf(dir: string): string {
  return readFileSync(join(dir, configName), 'utf8');
}

/**
 * HOME is empty, and the network of the tests leads nowhere: `scripts/run-up-tests.mjs` has filled this cache. Candle passes no
 * variables in lower case on to services, because npm sets them itself.
 */
function packagesFromCache(): Readonly<Record<string, string>> {
  const { UP_NPM_CACHE: cache } = process.env;
  return cache === undefined ? {} : { NPM_CONFIG_CACHE: cache, NPM_CONFIG_OFFLINE: 'true' };
}
