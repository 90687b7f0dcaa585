import {
  chmod,
  chown,
  link,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { callerTrust } from '../../test/temporary-candle.ts';
import { trustOf } from '../projects/config-trust.ts';
import { addService, removeService, setupProject } from './edit-config.ts';
import { getConfig } from './read-config.ts';

let base: string;
let project: string;
let path: string;

const nobody = 65534;
/** What root trusts if the user nobody has called sudo. */
const trustOfNobody = trustOf({ SUDO_UID: String(nobody) }, async () => []);

beforeEach(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), 'candle-edit-')));
  project = join(base, 'project');
  await mkdir(project);
  path = join(project, '.candle.json');
});

afterEach(() => rm(base, { recursive: true }));

const api = { name: 'api', shell: 'npm run dev' };
const apiText =
  '{\n  "services": [\n    {\n      "name": "api",\n      "shell": "npm run dev",\n      "port": "auto"\n    }\n  ]\n}\n';

async function namesOf(directory = project): Promise<string[]> {
  return (await getConfig(directory, callerTrust)).services.map(({ name }) => name);
}

describe('adding a service', () => {
  test('creates the config', async () => {
    const { created, path: where, service } = await addService(callerTrust, project, api);
    expect({ created, where }).toEqual({ created: true, where: path });
    expect(await readFile(path, 'utf8')).toBe(apiText);
    expect((await getConfig(project, callerTrust)).services).toEqual([service]);
    expect(await readdir(project)).toEqual(['.candle.json']);
  });

  test('keeps its root', async () => {
    await addService(callerTrust, project, { ...api, root: 'apps/api' });
    expect((await getConfig(project, callerTrust)).services[0]?.root).toBe('apps/api');
  });

  test('writes tty only if it is true', async () => {
    await addService(callerTrust, project, { ...api, tty: false });
    expect(await readFile(path, 'utf8')).toBe(apiText);
    await addService(callerTrust, project, { ...api, name: 'shell', tty: true });
    expect(await readFile(path, 'utf8')).toContain('"tty": true\n');
  });

  test.each([['auto'], [5173], [null]] as const)('keeps its port setting: %s', async (port) => {
    await addService(callerTrust, project, { ...api, port });
    expect(await readFile(path, 'utf8')).toContain(`"port": ${JSON.stringify(port)}\n`);
  });

  test.each([
    [{ name: 'web', shell: 'x', port: 80 }, 'PORT_PRIVILEGED'],
    [{ name: 'web', shell: 'x', port: 5173.5 }, 'PORT_INVALID'],
    [{ name: 'web', shell: 'x', port: 5000 }, 'SERVICE_NOT_ADDABLE'],
    [{ name: 'API', shell: 'x' }, 'SERVICE_NOT_ADDABLE'],
    [{ name: 'web', shell: 'x ${services.nobody.port}' }, 'SERVICE_NOT_ADDABLE'],
  ])('rejects a service that conflicts with the rest, and does not change the file: %j', async (service, code) => {
    const text = '{"excludePorts": [5000], "services": {"api": {"shell": "x"}}}';
    await writeFile(path, text);
    await expect(addService(callerTrust, project, service)).rejects.toMatchObject({ code });
    expect(await readFile(path, 'utf8')).toBe(text);
  });

  test('keeps a byte order mark', async () => {
    await writeFile(path, '\ufeff{}');
    await addService(callerTrust, project, api);
    expect(await readFile(path, 'utf8')).toBe(`\ufeff${apiText.trimEnd()}`);
  });

  test('edits .candle-setup.json if that is the config', async () => {
    await writeFile(join(project, '.candle-setup.json'), '{}');
    expect(await addService(callerTrust, project, api)).toMatchObject({
      path: join(project, '.candle-setup.json'),
      created: false,
    });
    expect(await readdir(project)).toEqual(['.candle-setup.json']);
  });

  test('keeps the mode and the owner', async () => {
    await writeFile(path, '{}');
    if (process.getuid?.() === 0) await chown(path, nobody, 65533);
    await chmod(path, 0o664);
    const before = await stat(path);
    await addService(trustOfNobody, project, api);
    const { mode, uid, gid } = await stat(path);
    expect({ mode, uid, gid }).toEqual({ mode: before.mode, uid: before.uid, gid: before.gid });
  });

  test('keeps a symbolic link', async () => {
    await mkdir(join(base, 'shared'));
    await writeFile(join(base, 'shared/team.json'), '{}');
    await symlink('../shared/team.json', path);
    expect((await addService(callerTrust, project, api)).path).toBe(path);
    expect((await lstat(path)).isSymbolicLink()).toBe(true);
    expect(await readFile(join(base, 'shared/team.json'), 'utf8')).toBe(apiText.trimEnd());
    expect(await readdir(join(base, 'shared'))).toEqual(['team.json']);
  });

  test('replaces the file instead of writing into it, so that a reader never sees a partial file', async () => {
    await writeFile(path, '{}');
    await link(path, join(base, 'before'));
    await addService(callerTrust, project, api);
    expect(await readFile(join(base, 'before'), 'utf8')).toBe('{}');
  });

  test('rejects a name that is already configured', async () => {
    await addService(callerTrust, project, api);
    await expect(addService(callerTrust, project, { ...api, shell: 'other' })).rejects.toMatchObject({
      code: 'SERVICE_ALREADY_CONFIGURED',
      message: `Service 'api' is already configured in ${path}`,
      hint: 'To replace it, remove it first: candle remove-service api',
    });
    expect(await readFile(path, 'utf8')).toBe(apiText);
  });

  test.each([
    [{ name: '', shell: 'x' }, 'SERVICE_NAME_INVALID'],
    [{ name: '-x', shell: 'x' }, 'SERVICE_NAME_INVALID'],
    [{ name: 'x', shell: '' }, 'SERVICE_SHELL_INVALID'],
    [{ name: 'x', shell: 'a\0' }, 'SERVICE_SHELL_INVALID'],
    [{ name: 'x', shell: 'x', root: '' }, 'SERVICE_ROOT_INVALID'],
    [{ name: 'x', shell: 'x', root: '..' }, 'SERVICE_ROOT_OUTSIDE_PROJECT'],
  ])('rejects %j', async (service, code) => {
    await expect(addService(callerTrust, project, service)).rejects.toMatchObject({ code });
    expect(await readdir(project)).toEqual([]);
  });

  test.each(['{', '{"services": [{"name": "a"}]}', '[]', '{"services": 1}', '\0'])(
    'does not change the invalid config %j',
    async (text) => {
      await writeFile(path, text);
      await expect(addService(callerTrust, project, api)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
      await expect(removeService(callerTrust, project, 'a')).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
      expect(await readFile(path, 'utf8')).toBe(text);
      expect(await readdir(project)).toEqual(['.candle.json']);
    },
  );

  test('fails if the project directory does not exist', async () => {
    await expect(addService(callerTrust, join(base, 'gone'), api)).rejects.toMatchObject({
      code: 'CONFIG_NOT_WRITABLE',
      message: `${join(base, 'gone/.candle.json')} cannot be written to: its directory does not exist`,
    });
  });

  test.each([
    ['a write-protected file', 0o1777, 0o444],
    ['a write-protected directory', 0o555, 0o644],
  ])('fails for %s', async (_, directoryMode, fileMode) => {
    await writeFile(path, '{}');
    await chmod(path, fileMode);
    if (process.getuid?.() === 0) await chown(path, nobody, nobody);
    await chmod(base, 0o755);
    await chmod(project, directoryMode);
    await asNobody(() =>
      expect(addService(trustOfNobody, project, api)).rejects.toMatchObject({
        code: 'CONFIG_NOT_WRITABLE',
        message: `${path} cannot be written to: permission denied`,
      }),
    );
    await chmod(project, 0o755);
    expect(await readFile(path, 'utf8')).toBe('{}');
    expect(await readdir(project)).toEqual(['.candle.json']);
  });
});

/** Root can write every file, so for root the check runs with the effective user nobody. */
async function asNobody(check: () => Promise<void>): Promise<void> {
  const isRoot = process.getuid?.() === 0;
  if (isRoot) process.seteuid?.(nobody);
  try {
    await check();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}

describe('removing a service', () => {
  test('returns the removed service', async () => {
    await writeFile(path, '{"services": {"web": {"shell": "w", "color": true}, "api": {"shell": "a"}}}');
    expect((await removeService(callerTrust, project, 'web')).service).toMatchObject({
      name: 'web',
      shell: 'w',
      color: true,
    });
    expect(await readFile(path, 'utf8')).toBe('{"services": {"api": {"shell": "a"}}}');
  });

  test('requires the whole name', async () => {
    await addService(callerTrust, project, api);
    await expect(removeService(callerTrust, project, 'ap')).rejects.toMatchObject({
      code: 'SERVICE_NOT_CONFIGURED',
      hint: "Did you mean 'api'?",
    });
    await expect(removeService(callerTrust, project, '')).rejects.toMatchObject({ code: 'SERVICE_NAME_INVALID' });
    expect(await namesOf()).toEqual(['api']);
  });

  test('requires a config', async () => {
    await expect(removeService(callerTrust, project, 'api')).rejects.toMatchObject({ code: 'CONFIG_MISSING' });
    expect(await readdir(project)).toEqual([]);
  });

  test('keeps unknown keys of the other services', async () => {
    await writeFile(
      path,
      '{"x": [1], "services": [{"name": "a", "shell": "s", "y": {"z": 1}}, {"name": "b", "shell": "s"}]}',
    );
    await removeService(callerTrust, project, 'b');
    expect(await readFile(path, 'utf8')).toBe('{"x": [1], "services": [{"name": "a", "shell": "s", "y": {"z": 1}}]}');
  });
});

describe('setting up a project', () => {
  test('writes an empty config once', async () => {
    expect(await setupProject(callerTrust, project)).toEqual({ path, created: true });
    expect(await readFile(path, 'utf8')).toBe('{\n  "services": []\n}\n');
    await addService(callerTrust, project, api);
    expect(await setupProject(callerTrust, project)).toEqual({ path, created: false });
    expect(await namesOf()).toEqual(['api']);
  });

  test.each(['.candle-setup.json', '.candle.json'])(
    'does not change an invalid %s and returns its path',
    async (name) => {
      await writeFile(join(project, name), '{');
      expect(await setupProject(callerTrust, project)).toEqual({ path: join(project, name), created: false });
      expect(await readdir(project)).toEqual([name]);
    },
  );

  test('requires the directory', async () => {
    await expect(setupProject(callerTrust, join(base, 'gone'))).rejects.toMatchObject({ code: 'CONFIG_NOT_WRITABLE' });
  });
});

test('a service that others refer to is not removed, and the references are listed', async () => {
  const text = '{"services": {"api": {"shell": "x"}, "web": {"shell": "${services.api.url}", "dependsOn": "api"}}}';
  await writeFile(path, text);
  await expect(removeService(callerTrust, project, 'api')).rejects.toMatchObject({
    code: 'SERVICE_NOT_REMOVABLE',
    message: `Service 'api' cannot be removed from ${path}: services.web.shell, services.web.dependsOn refer to it`,
  });
  expect(await readFile(path, 'utf8')).toBe(text);
});
