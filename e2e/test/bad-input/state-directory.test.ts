import { execSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { inPart } from '../bounded.ts';
import { sandbox } from '../sandbox.ts';
import { asUser, nobody, uidWithoutRights, whyNoOtherUser, whyNoRights, withoutRights } from './as-user.ts';
import { inSandbox, refusal, refusalOfAll } from './refusal.ts';
import { unusableStateDirs } from './unusable-state-dirs.ts';

const config = { services: [{ name: 'api', shell: 'sleep 600' }] };

inPart(3).each(unusableStateDirs)(
  'a state directory that $title is rejected, and the error contains its path',
  async (unusable) => {
    const box = sandbox({ config });
    const dir = unusable.make(box.root);
    const before = readdirSync(box.root);
    const error = await refusalOfAll(inSandbox(box, { env: { CANDLE_STATE_DIR: dir } }));
    const reason = unusable.reason.replace('ROOT', box.root);
    expect(error).toMatchObject({ code: unusable.code, details: { stateDir: dir } });
    expect(error.message).toContain(dir.slice(0, 100));
    expect(error.message.endsWith(` cannot be used: ${reason}`), error.message).toBe(true);
    expect(error.message.length).toBeLessThan(500);
    expect(error.hint).toContain('CANDLE_STATE_DIR');
    expect(readdirSync(box.root)).toEqual(before);
    if (before.includes('file')) expect(readFileSync(join(box.root, 'file'), 'utf8')).toBe('mine');
  },
);

test('a state directory that is not accessible is rejected and keeps its reservations', async ({ skip }) => {
  skip(whyNoRights !== undefined, whyNoRights);
  const box = sandbox({ config });
  const run = withoutRights(box);
  await run(['reserve-port', 'api']);
  const { stdout: port } = await run(['get-reserved-port', 'api']);
  chmodSync(box.stateDir, 0o000);
  const error = await refusalOfAll(run);
  expect(error.code).toBe('STATE_NOT_WRITABLE');
  expect(error.message).toBe(`Candle's state directory ${box.stateDir} cannot be written to: permission denied`);
  execSync(chmodIn(error.hint));
  expect(await run(['get-reserved-port', 'api'])).toEqual({ exitCode: 0, stdout: port, stderr: '' });
});

test('in a state directory in which no file can be created, reservations work, and a start says why it fails', async ({
  skip,
}) => {
  skip(whyNoRights !== undefined, whyNoRights);
  const box = sandbox({ config });
  const run = withoutRights(box);
  await run(['reserve-port', 'api']);
  chmodSync(box.stateDir, 0o555);
  for (const line of [['reserve-port', 'web'], ['get-reserved-port', 'api'], ['ps'], ['kill']]) {
    expect(await run(line)).toMatchObject({ exitCode: 0 });
  }
  const error = await refusal(run, ['start', 'api']);
  expect(error.message).toContain('cannot be written to: permission denied');
  execSync(chmodIn(error.hint));
  expect(await run(['start', 'api', '--bg'])).toMatchObject({ exitCode: 0 });
  expect(await run(['kill'])).toMatchObject({ exitCode: 0 });
});

/** The command in a hint. */
function chmodIn(hint: string): string {
  return /chmod .*/.exec(hint)?.[0] ?? '';
}

test.for([
  ['that is empty and read-only', 'state'],
  ['that cannot be created in its parent', 'state/deeper'],
] as const)('a state directory %s is rejected', async ([, path], { skip }) => {
  skip(whyNoRights !== undefined, whyNoRights);
  const box = sandbox({ config });
  const dir = join(box.root, path);
  const run = withoutRights(box, { env: { CANDLE_STATE_DIR: dir } });
  mkdirSync(box.stateDir, { mode: 0o555 });
  chownSync(box.stateDir, uidWithoutRights, -1);
  const { code, message } = await refusalOfAll(run);
  expect(code).toBe('STATE_NOT_WRITABLE');
  expect(message).toContain(`Candle's state directory ${dir} cannot be written to`);
  expect(readdirSync(box.stateDir)).toEqual([]);
});

test('root cannot use the state directory of another user, because it would create files that the owner cannot use', async ({
  skip,
}) => {
  skip(whyNoOtherUser !== undefined, whyNoOtherUser);
  const box = sandbox({ config });
  const owner = withoutRights(box);
  await owner(['reserve-port', 'api']);
  const { stdout: port } = await owner(['get-reserved-port', 'api']);
  const error = await refusalOfAll(inSandbox(box));
  expect(error).toMatchObject({
    code: 'STATE_OWNED_BY_OTHER',
    message: `Candle's state directory ${box.stateDir} belongs to another user (uid ${nobody}, you are uid 0)`,
    details: { ownerUid: nobody, uid: 0 },
  });
  expect(await owner(['get-reserved-port', 'api'])).toEqual({ exitCode: 0, stdout: port, stderr: '' });
});

test("another user cannot use root's state directory", async ({ skip }) => {
  skip(whyNoOtherUser !== undefined, whyNoOtherUser);
  const box = sandbox({ config });
  await box.candle(['reserve-port', 'api']);
  chmodSync(box.root, 0o755);
  chmodSync(box.stateDir, 0o777);
  const { code, message } = await refusalOfAll(asUser(nobody, box));
  expect(code).toBe('STATE_OWNED_BY_OTHER');
  expect(message).toContain(`(uid 0, you are uid ${nobody})`);
  expect((await box.candle(['get-reserved-port', 'api'])).exitCode).toBe(0);
});

test('a private state directory of root is refused, with its owner as the cause', async ({ skip }) => {
  skip(whyNoOtherUser !== undefined, whyNoOtherUser);
  const box = sandbox({ config });
  await box.candle(['reserve-port', 'api']);
  chmodSync(box.root, 0o755);
  chmodSync(box.stateDir, 0o700);
  const { code, message } = await refusalOfAll(asUser(nobody, box));
  expect(code).toBe('STATE_OWNED_BY_OTHER');
  expect(message).toContain('belongs to another user');
});

test("root's database in the state directory of another user is rejected and not changed", async ({ skip }) => {
  skip(whyNoOtherUser !== undefined, whyNoOtherUser);
  const box = sandbox({ config });
  const owner = withoutRights(box);
  await owner(['reserve-port', 'api']);
  const database = join(box.stateDir, 'state.db');
  chownSync(database, 0, 0);
  const before = readdirSync(box.stateDir);
  const { code, message } = await refusal(owner, ['reserve-port', 'web']);
  expect([code, message]).toEqual([
    'STATE_OWNED_BY_OTHER',
    `Candle's database ${database} belongs to another user (uid 0, you are uid ${nobody})`,
  ]);
  expect(readdirSync(box.stateDir)).toEqual(before);
});
