import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryDirectory } from '../../test/temporary-candle.ts';
import { getConfig } from '../config/read-config.ts';
import { identifyServiceRoot, resolveServiceRoot } from '../config/service-fields.ts';
import { isCandleError } from '../errors/candle-error.ts';
import { readEnvFiles } from '../services/env-files.ts';
import { openDirectory, openSameDirectory, trustOf } from './config-trust.ts';

const trust = trustOf({}, async () => []);

test('an open directory stays the same one, even if another one is moved to its path', ({ skip }) => {
  skip(process.platform !== 'linux', 'only Linux has paths that lead to an open directory');
  const dir = join(temporaryDirectory(), 'project');
  mkdirSync(dir);
  writeFileSync(join(dir, 'file'), 'mine');
  // A directory that may be entered but not read.
  chmodSync(dir, 0o311);
  const directory = openDirectory(dir);
  renameSync(dir, `${dir}-aside`);
  mkdirSync(dir);
  expect(readFileSync(join(directory.path, 'file'), 'utf8')).toBe('mine');
  expect(realpathSync(directory.path)).toBe(`${realpathSync(dir)}-aside`);
  directory.close();
});

test('a new directory at the path is accepted if it has the same owner, but not through a symbolic link', () => {
  const dir = join(realpathSync(temporaryDirectory()), 'build');
  mkdirSync(dir);
  const { id, uid, close } = openDirectory(dir);
  renameSync(dir, `${dir}-aside`);
  mkdirSync(dir);
  openSameDirectory(dir, { id, uid }).close();
  renameSync(dir, `${dir}-other`);
  symlinkSync(`${dir}-other`, dir);
  expect(() => openSameDirectory(dir, { id, uid })).toThrow(`${dir} was replaced by another directory`);
  expect(() => openSameDirectory(`${dir}-other`, { id, uid: uid + 1 })).toThrow(`was replaced by a directory of user`);
  close();
});

/** Exchanges two paths for as long as it runs, with renameat2 and RENAME_EXCHANGE, so that both exist at any time. */
const exchange = 'my ($call, $one, $other) = @ARGV; while (1) { syscall($call + 0, -100, $one, -100, $other, 2) }';
const renameat2 = new Map([
  ['x64', '316'],
  ['arm64', '276'],
]).get(process.arch);
const canExchange =
  process.platform === 'linux' && process.geteuid?.() === 0 && spawnSync('perl', ['-e', '1']).status === 0;

test('a configuration is never combined with a directory of another user, however often its path changes', async ({
  skip,
}) => {
  skip(renameat2 === undefined || !canExchange, 'this needs Linux, root and perl');
  const base = realpathSync(temporaryDirectory());
  const [mine, theirs, link] = [join(base, 'mine'), join(base, 'theirs'), join(base, 'link')];
  for (const dir of [mine, theirs]) {
    mkdirSync(dir);
    writeFileSync(join(dir, '.env'), `OWNER=${dir}`);
  }
  writeFileSync(join(mine, '.candle.json'), '{}');
  chownSync(theirs, 1002, 1002);
  symlinkSync(mine, link);
  const exchanging = spawn('perl', ['-e', exchange, String(renameat2), theirs, link], { stdio: 'ignore' });
  onTestFinished(() => void exchanging.kill('SIGKILL'));
  const directories = new Set<string>();
  for (let attempt = 0; attempt < 3000; attempt += 1) {
    try {
      const { directory } = await getConfig(theirs, trust);
      const service = { projectDir: theirs, name: 'web', envFiles: ['.env'], directory };
      const files = await readEnvFiles(theirs, service);
      for (const { variables } of files) directories.add(variables.OWNER ?? '');
      const root = await resolveServiceRoot(theirs);
      const opened = openSameDirectory(root, identifyServiceRoot(service, root));
      directories.add(readFileSync(join(opened.path, '.env'), 'utf8').slice('OWNER='.length));
      opened.close();
    } catch (error) {
      if (!isCandleError(error)) throw error;
    }
  }
  expect(directories).toEqual(new Set([mine]));
});
