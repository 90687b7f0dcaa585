import { expect, test } from 'vitest';
import {
  environmentRecord,
  type GivenVariables,
  type RunVariables,
  serviceEnvironment,
} from './service-environment.ts';

const run: RunVariables = { serviceName: 'api', projectDir: '/p', runId: 'r1', port: 4000, stateDir: '/state' };
const nothing: GivenVariables = {
  color: false,
  tty: false,
  ports: [],
  files: [],
  env: {},
  portEnv: ['PORT'],
  furtherPorts: {},
};

type Caller = Readonly<Record<string, string | undefined>>;

function environment(caller: Caller, given: Partial<GivenVariables> = {}, about: Partial<RunVariables> = {}) {
  return environmentRecord(serviceEnvironment(caller, { ...nothing, ...given }, { ...run, ...about }).variables);
}

function file(variables: Readonly<Record<string, string>>, path = '/p/.env') {
  return { files: [{ path, variables }] };
}

test('inherits the environment of the caller, except variables about the caller itself', () => {
  const caller = {
    PATH: '/bin',
    LANG: 'C',
    npm_config_user_agent: 'npm',
    INIT_CWD: '/elsewhere',
    CLAUDECODE: '1',
    CANDLE_SERVICE: 'other',
    UNSET: undefined,
  };
  expect(environment(caller)).toEqual({
    PYTHONUNBUFFERED: '1',
    PATH: '/bin',
    LANG: 'C',
    PORT: '4000',
    CANDLE_SERVICE: 'api',
    CANDLE_PROJECT: '/p',
    CANDLE_RUN_ID: 'r1',
  });
});

test('later sources override earlier ones: caller, ports of the project, env files in order, env, the reserved port', () => {
  const one = { name: 'A', value: 'port', serviceName: 'a' };
  const ports = ['A', 'B', 'C', 'D', 'PORT'].map((name) => ({ ...one, name }));
  const given = {
    ports,
    files: [
      { path: '/p/.env', variables: { B: 'file', C: 'file', D: 'file', PORT: '1' } },
      { path: '/p/.env.local', variables: { C: 'later file', D: 'later file' } },
    ],
    env: { D: 'env', PORT: '2' },
  };
  const caller = { A: 'caller', B: 'caller', C: 'caller', D: 'caller', E: 'caller', PORT: '3' };
  expect(environment(caller, given)).toMatchObject({
    A: 'port',
    B: 'file',
    C: 'later file',
    D: 'env',
    E: 'caller',
    PORT: '4000',
  });
});

test('lists each variable once, with the source of its value', () => {
  const given: GivenVariables = {
    color: true,
    tty: true,
    ports: [{ name: 'WEB_PORT', value: '4001', serviceName: 'web' }],
    ...file({ A: 'file', B: 'file' }),
    env: { B: 'env' },
    portEnv: ['PORT'],
    furtherPorts: { HMR_PORT: 4002 },
  };
  const caller = { A: 'caller', C: 'caller', CANDLE_STATE_DIR: 'state' };
  expect(serviceEnvironment(caller, given, run).variables.map(({ name, source }) => [name, source])).toEqual([
    ['PYTHONUNBUFFERED', { kind: 'default' }],
    ['C', { kind: 'caller' }],
    ['FORCE_COLOR', { kind: 'color' }],
    ['TERM', { kind: 'tty' }],
    ['WEB_PORT', { kind: 'reservation', serviceName: 'web' }],
    ['A', { kind: 'envFile', path: '/p/.env' }],
    ['B', { kind: 'env' }],
    ['PORT', { kind: 'portEnv' }],
    ['HMR_PORT', { kind: 'portEnv' }],
    ['CANDLE_SERVICE', { kind: 'candle' }],
    ['CANDLE_PROJECT', { kind: 'candle' }],
    ['CANDLE_RUN_ID', { kind: 'candle' }],
    ['CANDLE_STATE_DIR', { kind: 'candle' }],
  ]);
});

test('TERM describes the terminal of the service, not that of the caller, unless the service sets it', () => {
  expect(environment({ TERM: 'dumb' })).toMatchObject({ TERM: 'dumb' });
  expect(environment({ TERM: 'dumb' }, { tty: true })).toMatchObject({ TERM: 'xterm-256color' });
  expect(environment({ TERM: 'dumb' }, { tty: true, env: { TERM: 'vt100' } })).toMatchObject({ TERM: 'vt100' });
});

test.each<[string, readonly string[], object]>([
  ['in the configured variable', ['SERVER_PORT'], { SERVER_PORT: '4000', PORT: '3000' }],
  ['in several variables', ['PORT', 'FLASK_RUN_PORT'], { PORT: '4000', FLASK_RUN_PORT: '4000' }],
  ['in no variable if portEnv is empty', [], { PORT: '3000' }],
])('the reserved port is %s', (_, portEnv, expected) => {
  expect(environment({ PORT: '3000' }, { portEnv })).toMatchObject(expected);
});

test.each<[string, Caller, string | undefined]>([
  ['is unchanged without a reservation', { PORT: '8080' }, '8080'],
  ['of another service is removed', { PORT: '4007', CANDLE_RUN_ID: 'other' }, undefined],
  ['set by `candle exec` is removed', { PORT: '4007', CANDLE_SERVICE: 'other' }, undefined],
])('PORT %s', (_, caller, expected) => {
  expect(environment(caller, {}, { port: undefined }).PORT).toBe(expected);
});

test('a portEnv variable inherited from another service is removed like PORT', () => {
  const caller = { SERVER_PORT: '4007', CANDLE_RUN_ID: 'other' };
  expect(environment(caller, { portEnv: ['SERVER_PORT'] }, { port: undefined })).not.toHaveProperty('SERVER_PORT');
});

test('without a service, the environment contains nothing about a service or a run', () => {
  const about = { serviceName: undefined, runId: undefined, port: undefined };
  const ports = [{ name: 'API_PORT', value: '4000', serviceName: 'api' }];
  expect(environment({ PATH: '/bin', CANDLE_RUN_ID: 'outer' }, { ports }, about)).toEqual({
    PYTHONUNBUFFERED: '1',
    PATH: '/bin',
    API_PORT: '4000',
    CANDLE_PROJECT: '/p',
  });
});

test('frameworks are told the host name of the service', () => {
  const browserHost = 'api.main.shop.localhost';
  expect(environment({}, { browserHost })).toMatchObject({
    RAILS_DEVELOPMENT_HOSTS: browserHost,
    NG_ALLOWED_HOSTS: browserHost,
  });
});

test('values set by the user are not overridden', () => {
  expect(environment({ PYTHONUNBUFFERED: '' }).PYTHONUNBUFFERED).toBe('');
  expect(environment({ NG_ALLOWED_HOSTS: 'mine' }, { browserHost: 'x' }).NG_ALLOWED_HOSTS).toBe('mine');
  expect(environment({}, { env: { FORCE_COLOR: '3' }, color: true }).FORCE_COLOR).toBe('3');
});

test('a service uses the same state directory as its caller', () => {
  expect(environment({ CANDLE_STATE_DIR: 'state' }).CANDLE_STATE_DIR).toBe('/state');
});

test.each([
  'CLAUDECODE',
  'CLAUDE_CODE_ENTRYPOINT',
  'AI_AGENT',
  'CURSOR_AGENT',
  'CURSOR_TRACE_ID',
  'GEMINI_CLI',
  'CODEX_SANDBOX',
  'OPENCODE',
  'COPILOT_CLI',
  'npm_package_name',
  'npm_config_user_agent',
  'INIT_CWD',
  'CANDLE_PROJECT',
  'CANDLE_ANYTHING',
])('%s is removed if it comes from the caller, and kept if it comes from the configuration', (name) => {
  expect(Object.values(environment({ [name]: 'caller' }))).not.toContain('caller');
  const isCandles = name === 'CANDLE_PROJECT';
  expect(environment({}, { env: { [name]: 'own' } })[name]).toBe(isCandles ? '/p' : 'own');
});

test.each(['CLAUDE', 'MY_npm_thing', 'NPM_TOKEN', 'OPENCODE_HOME', 'XCANDLE_A', 'PORTAL'])(
  '%s of the caller is kept',
  (name) => {
    expect(environment({ [name]: 'caller' })[name]).toBe('caller');
  },
);

test('the configuration cannot override the variables that identify the service', () => {
  const own = { CANDLE_SERVICE: 'x', CANDLE_PROJECT: 'x', CANDLE_RUN_ID: 'x' };
  for (const given of [file(own), { env: own }]) {
    expect(environment({ CANDLE_RUN_ID: 'outer' }, given)).toMatchObject({
      CANDLE_SERVICE: 'api',
      CANDLE_PROJECT: '/p',
      CANDLE_RUN_ID: 'r1',
    });
  }
});

test('without a reservation, PORT from the configuration overrides PORT of the caller, even inside a service', () => {
  const given = file({ PORT: 'file' });
  const free = { port: undefined };
  expect(environment({ PORT: 'caller' }, given, free).PORT).toBe('file');
  expect(environment({ PORT: 'caller', CANDLE_RUN_ID: 'r0' }, given, free).PORT).toBe('file');
  expect(environment({ PORT: 'caller' }, { ...given, env: { PORT: 'env' } }, free).PORT).toBe('env');
});

test('lists what is dropped, unless the configuration sets it again', () => {
  const caller = {
    ...{
      CLAUDECODE: '1',
      AI_AGENT: 'x',
      GIT_DIR: '.git',
      npm_lifecycle_event: 'dev',
      PORT: '4007',
      CANDLE_RUN_ID: 'r0',
    },
    ...{ NODE_PATH: '/p/node_modules/.pnpm/node_modules:/mine', CANDLE_STATE_DIR: 'state', HOME: '/home/ada' },
  };
  const given = { ...nothing, env: { AI_AGENT: 'own' } };
  const { variables, dropped } = serviceEnvironment(caller, given, { ...run, port: undefined });
  expect(environmentRecord(variables)).toMatchObject({ AI_AGENT: 'own', NODE_PATH: '/mine', HOME: '/home/ada' });
  expect(dropped).toEqual([
    { name: 'CLAUDECODE', reason: 'agent', isPartial: false },
    { name: 'GIT_DIR', reason: 'git', isPartial: false },
    { name: 'npm_lifecycle_event', reason: 'package-manager', isPartial: false },
    { name: 'PORT', reason: 'candle', isPartial: false },
    { name: 'NODE_PATH', reason: 'package-manager', isPartial: true },
  ]);
});
