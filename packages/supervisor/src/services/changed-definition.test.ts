import { expect, test } from 'vitest';
import { findOldVariables } from './changed-definition.ts';

const current = [
  { name: 'API_PORT', value: '4001', serviceName: 'api' },
  { name: 'API_URL', value: 'http://localhost:4001', serviceName: 'api' },
  { name: 'DB_PORT', value: '5432', serviceName: null },
];
const got = ['API_PORT', 'API_URL', 'DB_PORT'];
const now = { API_PORT: '4001', API_URL: 'http://localhost:4001', DB_PORT: '5432' };

test.each([
  ['the current values', now, got, [], []],
  ['an old port of a dependency', { ...now, API_PORT: '4000' }, got, ['API_PORT'], []],
  ['an old port of another program', { ...now, DB_PORT: '5000' }, got, [], ['DB_PORT']],
  ['another value from env or an envFile', { ...now, API_URL: 'https://api.test' }, ['API_PORT', 'DB_PORT'], [], []],
  ['no variable of a dependency', { DB_PORT: '5432' }, ['DB_PORT'], ['API_PORT', 'API_URL'], []],
  ['no variable of another program', { API_PORT: '4001', API_URL: 'http://localhost:4001' }, got, [], []],
  ['variables that were not recorded', { API_PORT: '1' }, undefined, [], []],
])('of a run with %s', (_, env, portVariables, ofDependencies, ofOthers) => {
  const launch = { env, ...(portVariables && { portVariables }) };
  expect(findOldVariables(launch, ['api'], current)).toEqual({ ofDependencies, ofOthers });
});

test('without a dependency, an old port is only reported', () => {
  const launch = { env: { ...now, API_PORT: '4000' }, portVariables: got };
  expect(findOldVariables(launch, [], current)).toEqual({ ofDependencies: [], ofOthers: ['API_PORT'] });
});
