import { spawnSync } from 'node:child_process';
import { chownSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type CandleOptions, runProgram, type Sandbox } from '@candle/test-kit';
import { bin } from '../sandbox.ts';
import type { RunCandle } from './refusal.ts';

/** The user that owns nothing. */
export const nobody = 65534;

/** `node launcher UID SCRIPT ARG…`: runs a script without the rights of root. */
export const launcher = fileURLToPath(new URL('../fixtures/runs-as-user.mjs', import.meta.url));

const isRoot = process.geteuid?.() === 0;

/** Why a test of two users cannot be run; undefined when it can. */
export const whyNoOtherUser: string | undefined = isRoot
  ? whyNotNobody()
  : 'only root can run programs as another user';

/** Why a test of a user without rights cannot be run. */
export const whyNoRights: string | undefined = isRoot ? whyNoOtherUser : undefined;

function whyNotNobody(): string | undefined {
  const { status, stderr } = spawnSync(process.execPath, [launcher, String(nobody), bin, '--version'], {
    env: { HOME: '/nonexistent' },
    encoding: 'utf8',
  });
  return status === 0 ? undefined : `the user nobody cannot run candle here: ${stderr.split('\n', 1).join('')}`;
}

/** Runs the CLI as that user; only root can. */
export function asUser(uid: number, box: Sandbox, options: CandleOptions = {}): RunCandle {
  return (args) =>
    runProgram(process.execPath, [launcher, String(uid), bin, ...args], {
      cwd: options.cwd ?? box.projectDir,
      env: { ...box.env, ...options.env },
    });
}

/**
 * Runs the CLI as somebody whom the modes of files stop: as this user, or, for root, as nobody, to whom the sandbox is
 * given for that.
 */
export function withoutRights(box: Sandbox, options: CandleOptions = {}): RunCandle {
  if (!isRoot) return (args) => box.candle(args, options);
  for (const dir of [box.root, box.home, box.projectDir, `${box.root}/tmp`]) chownSync(dir, nobody, nobody);
  return asUser(nobody, box, options);
}

/** Who `withoutRights` is. */
export const uidWithoutRights = isRoot ? nobody : (process.geteuid?.() ?? nobody);
