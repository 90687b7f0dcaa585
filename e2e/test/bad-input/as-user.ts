import { spawnSync } from 'node:child_process';
import { chownSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type CandleOptions, runProgram, type Sandbox } from '@candle/test-kit';
import { bin } from '../sandbox.ts';
import type { RunCandle } from './refusal.ts';

/** The uid of the user `nobody`, which owns no files. */
export const nobody = 65534;

/** `node launcher UID SCRIPT ARG…`: runs a script as another user. */
export const launcher = fileURLToPath(new URL('../fixtures/runs-as-user.mjs', import.meta.url));

const isRoot = process.geteuid?.() === 0;

/** Why a test with two users cannot run here; undefined if it can. */
export const whyNoOtherUser: string | undefined = isRoot
  ? whyUserNobodyFails()
  : 'only root can run programs as another user';

/** Why a test with an unprivileged user cannot run here; undefined if it can. */
export const whyNoRights: string | undefined = isRoot ? whyNoOtherUser : undefined;

function whyUserNobodyFails(): string | undefined {
  const { status, stderr } = spawnSync(process.execPath, [launcher, String(nobody), bin, '--version'], {
    env: { HOME: '/nonexistent' },
    encoding: 'utf8',
  });
  return status === 0 ? undefined : `the user nobody cannot run candle here: ${stderr.split('\n', 1).join('')}`;
}

/** Runs the CLI as this user; requires root. */
export function asUser(uid: number, box: Sandbox, options: CandleOptions = {}): RunCandle {
  return (args) =>
    runProgram(process.execPath, [launcher, String(uid), bin, ...args], {
      cwd: options.cwd ?? box.projectDir,
      env: { ...box.env, ...options.env },
    });
}

/**
 * Runs the CLI as a user who is subject to file permissions: as the current user, or, if that is root, as `nobody`, who
 * then becomes the owner of the sandbox.
 */
export function withoutRights(box: Sandbox, options: CandleOptions = {}): RunCandle {
  if (!isRoot) return (args) => box.candle(args, options);
  for (const dir of [box.root, box.home, box.projectDir, `${box.root}/tmp`]) chownSync(dir, nobody, nobody);
  return asUser(nobody, box, options);
}

/** The uid that `withoutRights` runs the CLI as. */
export const uidWithoutRights = isRoot ? nobody : (process.geteuid?.() ?? nobody);
