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
