import { expect, test } from 'vitest';
import { findLost, findOverrides } from './variable-problems.ts';

test('a line of a file that overrides a port of the project is found, unless env sets the variable', () => {
  const ports = [
    { name: 'WEB_PORT', value: '4001', serviceName: 'web' },
    { name: 'WEB_URL', value: 'http://localhost:4001', serviceName: 'web' },
    { name: 'DB_PORT', value: '5433', serviceName: 'db' },
  ];
  const first = { path: '/p/.env', text: '', variables: { WEB_PORT: '1', DB_PORT: '5432' } };
  const text = 'WEB_URL=http://localhost:4001\n# comment\nexport DB_PORT=5432\nWEB_PORT: 3000\n';
  const variables = { WEB_PORT: '3000', WEB_URL: 'http://localhost:4001', DB_PORT: '5432' };
  const files = [first, { path: '/p/.env.local', text, variables }];
  expect(findOverrides(ports, files, { env: { DB_PORT: '5432' } })).toEqual([
    {
      ...{ file: '/p/.env.local', line: 4, field: 'WEB_PORT' },
      problem: "overrides 4001, which Candle sets for 'web'; remove this line, or rename the variable",
    },
  ]);
});

test('a variable that sh drops is reported with its place, unless there is a bash', () => {
  const text = 'A=1\nspring.profile=dev\n';
  const files = [{ path: '/p/.env', text, variables: { A: '1', 'spring.profile': 'dev' } }];
  const definition = { name: 'api', shell: 'node api.js', env: { 'my-name': 'x', PORT_2: '1' } };
  const isLostInNpm = () => true;
  const problem = "does not reach the program of 'api': sh drops a variable with this name; install bash";
  expect(findLost(definition, { files, path: '/p/.candle.json', bash: () => undefined, isLostInNpm })).toEqual([
    { file: '/p/.env', line: 2, field: 'spring.profile', problem },
    { file: '/p/.candle.json', field: 'my-name', problem },
  ]);
  expect(findLost(definition, { files, path: undefined, bash: () => '/bin/bash', isLostInNpm })).toEqual([]);
  const usual = { name: 'api', shell: 'npm run dev', env: { PORT_2: '1' } };
  expect(findLost(usual, { files: [], path: undefined, bash: () => undefined, isLostInNpm })).toEqual([]);
});

test('a variable that npm drops in a script is reported, unless npm is configured to use bash', () => {
  const options = { files: [], path: '/p/.candle.json', bash: () => '/bin/bash' };
  const definition = { name: 'api', shell: 'npm run dev', env: { 'a.b': 'x' } };
  expect(findLost(definition, { ...options, isLostInNpm: () => true })).toEqual([
    {
      ...{ file: '/p/.candle.json', field: 'a.b' },
      problem:
        "does not reach the program of 'api': npm runs its script with sh, which drops a variable with this name; write script-shell=bash into .npmrc",
    },
  ]);
  expect(findLost(definition, { ...options, isLostInNpm: () => false })).toEqual([]);
});

test('a line that overrides only the port of a service names the variables that still contain the other one', () => {
  const ports = [
    { name: 'WEB_PORT', value: '4001', serviceName: 'web' },
    { name: 'WEB_URL', value: 'http://localhost:4001', serviceName: 'web' },
  ];
  const files = [{ path: '/p/.env', text: 'WEB_PORT=1\n', variables: { WEB_PORT: '1' } }];
  expect(findOverrides(ports, files, { env: {} }).map(({ problem }) => problem)).toEqual([
    "overrides 4001, which Candle sets for 'web', while WEB_URL still contains it; remove this line, or rename the variable",
  ]);
});
