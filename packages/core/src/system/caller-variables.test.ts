import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { codingAgentMarks, findLauncher, isRunByAgent } from './caller-variables.ts';

const agent = { launcher: 'agent', rest: undefined };
const packageManager = { launcher: 'package-manager', rest: undefined };
const git = { launcher: 'git', rest: undefined };

test('each mark identifies an agent and is dropped', () => {
  for (const mark of codingAgentMarks) {
    expect([mark, isRunByAgent({ [mark]: '1' })]).toEqual([mark, true]);
    expect(findLauncher(mark, { [mark]: '1' })).toEqual(agent);
  }
});

test("agent settings in a person's shell do not count as an agent, and stay", () => {
  const settings = { CODEX_HOME: '/x', CLAUDE_CODE_USE_BEDROCK: '1', CLAUDE_CODE_OAUTH_TOKEN: 'x', CODEX_API_KEY: 'x' };
  expect(isRunByAgent({ ...settings, CURSOR_TRACE_ID: 'x', CLAUDECODE: '' })).toBe(false);
  expect(Object.keys(settings).filter((name) => findLauncher(name, settings))).toEqual([]);
});

/** What npm gives a script of a person who has set nothing. */
const npmRun = {
  ...{ HOME: '/home/ada', COLOR: '0', EDITOR: 'vi', INIT_CWD: '/p', NODE: '/usr/bin/node', npm_command: 'run' },
  ...{
    npm_config_cache: '/home/ada/.npm',
    npm_config_global_prefix: '/usr',
    npm_config_globalconfig: '/usr/etc/npmrc',
  },
  ...{ npm_config_init_module: '/home/ada/.npm-init.js', npm_config_local_prefix: '/p', npm_config_loglevel: 'silent' },
  ...{
    npm_config_node_gyp: '/usr/x',
    npm_config_noproxy: '',
    npm_config_npm_version: '11.0.0',
    npm_config_prefix: '/usr',
  },
  ...{ npm_config_user_agent: 'npm/11', npm_config_userconfig: '/home/ada/.npmrc', npm_execpath: '/usr/x' },
  ...{ npm_lifecycle_event: 'dev', npm_lifecycle_script: 'candle start', npm_node_execpath: '/usr/bin/node' },
  ...{ npm_package_json: '/p/package.json', npm_package_name: 'x', npm_config_workspace: 'web' },
};

test('nothing of the run of a script stays', () => {
  const { HOME, ...run } = npmRun;
  for (const name of Object.keys(run)) expect([name, findLauncher(name, npmRun)]).toEqual([name, packageManager]);
  expect(findLauncher('HOME', npmRun)).toBeUndefined();
});

test('what a person has set for npm stays, in a script and outside of one', () => {
  const set = {
    ...{
      npm_config_registry: 'http://r/',
      npm_config_cafile: '/ca',
      npm_config_cache: '/fast',
      npm_config_noproxy: 'a',
    },
    ...{ npm_config_userconfig: '/etc/npmrc', npm_config_prefix: '/home/ada/.local' },
  };
  for (const env of [set, { ...npmRun, ...set }])
    expect(Object.keys(set).filter((name) => findLauncher(name, env))).toEqual([]);
  expect(findLauncher('npm_config_loglevel', { npm_config_loglevel: 'warn' })).toBeUndefined();
  expect(findLauncher('COLOR', { COLOR: '1' })).toBeUndefined();
});

describe('a list with entries of a package manager', () => {
  const rest = (name: string, value: string) => findLauncher(name, { [name]: value })?.rest;

  test('keeps the other entries', () => {
    const shim = '/p/node_modules/.bin/../.pnpm/node_modules';
    expect(findLauncher('NODE_PATH', { NODE_PATH: shim })).toEqual(packageManager);
    expect(rest('NODE_PATH', `${shim}:/usr/lib/node_modules`)).toBe('/usr/lib/node_modules');
    expect(rest('NODE_PATH', `/store/links/@candle/cli/1.0.0/x/node_modules:/mine`)).toBe('/mine');
  });

  test('keeps the other options', () => {
    const yarn = '--require /p/.pnp.cjs --experimental-loader file:///p/.pnp.loader.mjs';
    expect(findLauncher('NODE_OPTIONS', { NODE_OPTIONS: yarn })).toEqual(packageManager);
    expect(rest('NODE_OPTIONS', `${yarn} --inspect`)).toBe('--inspect');
    expect(rest('NODE_OPTIONS', `--max-old-space-size=99 -r=/p/.pnp.cjs`)).toBe('--max-old-space-size=99');
  });

  test.each(['--require /opt/editor/bootloader.js', '--inspect', '', ' --no-warnings '])(
    '%j is not changed',
    (value) => {
      expect(findLauncher('NODE_OPTIONS', { NODE_OPTIONS: value })).toBeUndefined();
    },
  );

  test('is not changed without such an entry', () => {
    const entry = fc.string({ unit: fc.constantFrom('/', 'a', 'node_modules', 'pnpm', 'candle') });
    fc.assert(
      fc.property(
        fc.array(entry),
        (entries) => findLauncher('NODE_PATH', { NODE_PATH: entries.join(':') }) === undefined,
      ),
    );
  });
});

test('what git sets for a hook is dropped, and what a person sets for git stays', () => {
  const hook = {
    ...{ GIT_DIR: '.git', GIT_INDEX_FILE: '.git/index', GIT_PREFIX: '', GIT_EXEC_PATH: '/usr/lib/git-core' },
    ...{ GIT_EDITOR: ':', GIT_AUTHOR_DATE: '@1', GIT_CONFIG_PARAMETERS: "'a'='b'" },
  };
  for (const name of Object.keys(hook)) expect([name, findLauncher(name, hook)]).toEqual([name, git]);
  const set = { GIT_EDITOR: 'vi', GIT_AUTHOR_NAME: 'Ada', GIT_SSH_COMMAND: 'ssh', GIT_CONFIG_COUNT: '1' };
  expect(Object.keys(set).filter((name) => findLauncher(name, set))).toEqual([]);
});
