import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { whyNoOtherUser } from '../bad-input/as-user.ts';
import { inSandbox, refusal } from '../bad-input/refusal.ts';
import { sandbox } from '../sandbox.ts';
import { giveToStranger, sharedDirectory, stranger } from './strangers.ts';

const config = { services: [{ name: 'web', shell: 'sleep 600', ready: false }] };

test('a symbolic link is not used if another user can change a link or a directory on its way', async ({ skip }) => {
  skip(whyNoOtherUser !== undefined, whyNoOtherUser);
  const box = sandbox({ config });
  const start = inSandbox(box, { cwd: join(box.root, 'linked') });
  const path = join(box.root, 'linked/.candle.json');
  const shared = sharedDirectory(box);
  mkdirSync(join(box.root, 'linked'));
  mkdirSync(join(shared, 'theirs'));
  symlinkSync('../shared/hop', path);
  symlinkSync('theirs/last', join(shared, 'hop'));
  symlinkSync(join(box.projectDir, '.candle.json'), join(shared, 'theirs/last'));
  expect(await start(['start', '--bg'])).toMatchObject({ exitCode: 0 });

  giveToStranger(join(shared, 'theirs'));
  const directory = await refusal(start, ['start', '--bg']);
  expect(directory.message).toBe(
    `${path} is not used, because it is a symbolic link that leads through ${shared}/theirs, which belongs to user ${stranger}`,
  );
  giveToStranger(join(shared, 'theirs'), 0);
  giveToStranger(join(shared, 'theirs/last'));
  const link = await refusal(start, ['start', '--bg']);
  expect(link.message).toContain(`leads through ${shared}/theirs/last, a symbolic link of user ${stranger}`);
  giveToStranger(join(shared, 'theirs/last'), 0);

  chmodSync(join(shared, 'theirs'), 0o777);
  const writable = await refusal(start, ['start', '--bg']);
  expect(writable.message).toContain(`leads through ${shared}/theirs, in which every user can replace files`);
  expect(writable.hint).toContain(`chmod go-w ${shared}/theirs`);
  chmodSync(join(shared, 'theirs'), 0o1777);
  expect(await start(['check-start'])).toMatchObject({ exitCode: 0 });
});

test('a directory in which every user can replace files is used only if it is trusted', async () => {
  const box = sandbox({ config });
  chmodSync(box.projectDir, 0o777);
  const error = await refusal(inSandbox(box), ['start', '--bg']);
  expect(error.message).toBe(
    `${box.projectDir}/.candle.json is not used, because every user can replace the files in its directory`,
  );
  expect(error.hint.split('\n', 1)).toEqual([`To let only its owner change it: chmod go-w ${box.projectDir}`]);
  expect(await box.candle(['trust', '.'])).toMatchObject({ exitCode: 0 });
  expect(await box.candle(['start', '--bg'])).toMatchObject({ exitCode: 0 });
  expect(await box.candle(['trust', '--revoke', '.'])).toMatchObject({ exitCode: 0 });
  // Only the owner of a file can replace it in a directory with the sticky bit.
  chmodSync(box.projectDir, 0o1777);
  expect(await box.candle(['restart'])).toMatchObject({ exitCode: 0 });
});
