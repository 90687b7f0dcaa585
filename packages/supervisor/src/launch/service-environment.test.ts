import { expect, test } from 'vitest';
import { serviceEnvironment } from './service-environment.ts';

const run = { serviceName: 'api', projectDir: '/p', runId: 'r1', port: 4000, stateDir: '/state' };
const nothing = { fromFiles: {}, env: {} };

test('the caller’s environment is inherited, less what speaks of the caller', () => {
  const caller = {
    PATH: '/bin',
    LANG: 'C',
    npm_config_user_agent: 'npm',
    INIT_CWD: '/elsewhere',
    CLAUDECODE: '1',
    CANDLE_SERVICE: 'other',
    UNSET: undefined,
  };
  expect(serviceEnvironment(caller, nothing, { run, color: false })).toEqual({
    PYTHONUNBUFFERED: '1',
    PATH: '/bin',
    LANG: 'C',
    PORT: '4000',
    CANDLE_SERVICE: 'api',
    CANDLE_PROJECT: '/p',
    CANDLE_RUN_ID: 'r1',
  });
});

test('env wins over the files, they win over the caller, and the reserved port over all', () => {
  const given = { fromFiles: { A: 'file', B: 'file', PORT: '1' }, env: { A: 'env', PORT: '2' } };
  const environment = serviceEnvironment({ A: 'caller', B: 'caller', C: 'caller', PORT: '3' }, given, {
    run,
    color: false,
  });
  expect(environment).toMatchObject({ A: 'env', B: 'file', C: 'caller', PORT: '4000' });
});

test.each([
  ['is left as it is without a reservation', { PORT: '8080' }, '8080'],
  ['of another service is dropped', { PORT: '4007', CANDLE_RUN_ID: 'other' }, undefined],
])('PORT %s', (_, caller, expected) => {
  const { PORT } = serviceEnvironment(caller, nothing, { run: { ...run, port: undefined }, color: false });
  expect(PORT).toBe(expected);
});

test('what the user sets himself is not overruled', () => {
  expect(serviceEnvironment({ PYTHONUNBUFFERED: '' }, nothing, { run, color: false }).PYTHONUNBUFFERED).toBe('');
  expect(serviceEnvironment({}, { fromFiles: {}, env: { FORCE_COLOR: '3' } }, { run, color: true }).FORCE_COLOR).toBe(
    '3',
  );
});

test('a service asks the ledger that its caller asks', () => {
  const environment = serviceEnvironment({ CANDLE_STATE_DIR: 'state' }, nothing, { run, color: false });
  expect(environment.CANDLE_STATE_DIR).toBe('/state');
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
])('%s of the caller is removed, but given by the configuration', (name) => {
  const inherited = serviceEnvironment({ [name]: 'caller' }, nothing, { run, color: false });
  expect(Object.values(inherited)).not.toContain('caller');
  const own = { fromFiles: {}, env: { [name]: 'own' } };
  const isCandles = name === 'CANDLE_PROJECT';
  expect(serviceEnvironment({}, own, { run, color: false })[name]).toBe(isCandles ? '/p' : 'own');
});

test.each(['CLAUDE', 'MY_npm_thing', 'NPM_TOKEN', 'OPENCODE_HOME', 'XCANDLE_A', 'PORTAL'])(
  '%s of the caller stays',
  (name) => {
    expect(serviceEnvironment({ [name]: 'caller' }, nothing, { run, color: false })[name]).toBe('caller');
  },
);

test('nothing the configuration says changes by what name a service finds itself', () => {
  const own = { CANDLE_SERVICE: 'x', CANDLE_PROJECT: 'x', CANDLE_RUN_ID: 'x' };
  for (const given of [
    { fromFiles: own, env: {} },
    { fromFiles: {}, env: own },
  ]) {
    const environment = serviceEnvironment({ CANDLE_RUN_ID: 'outer' }, given, { run, color: false });
    expect(environment).toMatchObject({ CANDLE_SERVICE: 'api', CANDLE_PROJECT: '/p', CANDLE_RUN_ID: 'r1' });
  }
});

test('without a reservation the PORT of the configuration wins over the caller’s, also inside a service', () => {
  const given = { fromFiles: { PORT: 'file' }, env: {} };
  const free = { run: { ...run, port: undefined }, color: false };
  expect(serviceEnvironment({ PORT: 'caller' }, given, free).PORT).toBe('file');
  expect(serviceEnvironment({ PORT: 'caller', CANDLE_RUN_ID: 'r0' }, given, free).PORT).toBe('file');
  expect(serviceEnvironment({ PORT: 'caller' }, { ...given, env: { PORT: 'env' } }, free).PORT).toBe('env');
});
