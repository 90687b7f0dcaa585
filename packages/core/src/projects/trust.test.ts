import { chmodSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryCandle, temporaryDirectory } from '../../test/temporary-candle.ts';
import { listTrusted, revokeTrust, trust } from './trust.ts';

const uid = process.geteuid?.() ?? 0;

/** A project whose configuration everybody can change. */
function openProject(): string {
  const dir = realpathSync(temporaryDirectory());
  writeFileSync(join(dir, '.candle.json'), '{}');
  chmodSync(join(dir, '.candle.json'), 0o666);
  return dir;
}

test('the path of the configuration stands for its directory', async () => {
  const candle = temporaryCandle();
  const dir = openProject();
  expect(await trust(candle, join(dir, '.candle.json'))).toEqual({ dir, ownerUids: [uid] });
  expect(await revokeTrust(candle, join(dir, '.candle.json'))).toEqual({ dir, ownerUids: [uid] });
});

test('a trusted directory is used until the trust is revoked', async () => {
  const candle = temporaryCandle();
  const dir = openProject();
  const problem = async () => (await candle.readConfig(dir)).error?.code;
  expect(await problem()).toBe('CONFIG_UNTRUSTED');
  expect(await trust(candle, dir)).toEqual({ dir, ownerUids: [uid] });
  expect(await problem()).toBeUndefined();
  // Trusting it again changes nothing.
  await trust(candle, dir);
  expect(await listTrusted(candle)).toEqual([{ dir, ownerUids: [uid], source: 'candle trust', problem: undefined }]);
  await revokeTrust(candle, dir);
  expect(await problem()).toBe('CONFIG_UNTRUSTED');
  expect(await listTrusted(candle)).toEqual([]);
});

test('only an existing directory can be trusted, but the trust in a deleted one can be revoked', async () => {
  const candle = temporaryCandle();
  const dir = openProject();
  await expect(trust(candle, join(dir, 'gone'))).rejects.toMatchObject({ code: 'PROJECT_GONE' });
  writeFileSync(join(dir, 'notes'), '');
  await expect(trust(candle, join(dir, 'notes'))).rejects.toMatchObject({
    code: 'PROJECT_NOT_A_DIRECTORY',
    hint: `To trust the directory of the file: candle trust ${dir}`,
  });
  await trust(candle, dir);
  rmSync(dir, { recursive: true });
  expect(await listTrusted(candle)).toMatchObject([{ dir, problem: 'does not exist' }]);
  await revokeTrust(candle, dir);
  await expect(revokeTrust(candle, dir)).rejects.toMatchObject({ code: 'PROJECT_NOT_TRUSTED' });
});

test('of several callers that are about to run the same commands, one gets them as new', async () => {
  const { store } = temporaryCandle();
  const answers = await Promise.all(Array.from({ length: 5 }, () => store.trust.markShown(['a', 'b'], 0)));
  expect(answers.flatMap((fresh) => [...fresh]).toSorted()).toEqual(['a', 'b']);
  expect(await store.trust.markShown(['b', 'c'], 0)).toEqual(new Set(['c']));
});
