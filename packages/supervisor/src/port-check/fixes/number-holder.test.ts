import { renderHint } from '@candle/core/errors';
import { describe, expect, test } from 'vitest';
import { type Clues, chooseFix } from './choose-fix.ts';
import { findNumberHolder, type NumberSources } from './number-holder.ts';

const nothing: NumberSources = { projectDir: '/shop', files: [], env: {}, commands: [], started: {} };

function file(path: string, text: string) {
  const variables = Object.fromEntries(text.split('\n').map((line) => line.split('=', 2)));
  return { path, text, variables };
}

test.each<[string, Partial<NumberSources>, object | undefined]>([
  [
    'a dotenv file of the project, with its line',
    { files: [file('/shop/api/.env', 'A=1\nAPI_PORT=3000')] },
    { variable: 'API_PORT', port: 3000, place: 'line 2 of api/.env' },
  ],
  ['a file elsewhere', { files: [file('/etc/app.env', 'APP_PORT=3000')] }, { place: 'line 1 of /etc/app.env' }],
  ['env', { env: { HTTP_PORT: '3000' } }, { variable: 'HTTP_PORT', place: '"env" in .candle.json' }],
  [
    'a command',
    { commands: [{ text: 'cross-env SERVER_PORT=3000 node .', place: 'its command' }] },
    { variable: 'SERVER_PORT', place: 'its command' },
  ],
  ['the shell', { started: { WEB_PORT: '3000' } }, { variable: 'WEB_PORT', place: 'the shell that started it' }],
  [
    'a file, although the environment contains it too',
    { files: [file('/shop/.env', 'API_PORT=3000')], started: { API_PORT: '3000' } },
    { place: 'line 1 of .env' },
  ],
  ['a variable that is not about a port', { env: { TIMEOUT: '3000' } }, undefined],
  ['a part of a value', { commands: [{ text: 'PORT=3000.5 U=http://a:3000', place: 'its command' }] }, undefined],
])('finds the number in %s', (_, sources, expected) => {
  const found = findNumberHolder([3000], { ...nothing, ...sources });
  if (expected === undefined) expect(found).toBeUndefined();
  else expect(found).toMatchObject(expected);
});

describe('the fix', () => {
  const clues: Clues = {
    portCheck: { port: 4000, status: 'wrong-port', listensOn: [3000], owner: null },
    serviceName: 'api',
    definition: { isTransient: false },
    shell: 'node server.js',
    script: undefined,
    commandLines: ['node server.js'],
    variables: ['PORT'],
    value: '4000',
    holder: { variable: 'API_PORT', port: 3000, place: 'line 2 of .env' },
  };
  const fix = (changes: Partial<Clues>) => renderHint(chooseFix({ ...clues, ...changes }));

  test('is the portEnv to write', () => {
    expect(fix({})).toBe('API_PORT is 3000 in line 2 of .env: "portEnv": ["PORT", "API_PORT"]');
    expect(fix({ variables: ['SERVER_PORT'] })).toBe('API_PORT is 3000 in line 2 of .env: "portEnv": "API_PORT"');
  });

  test('of a service that is not configured is a variable in its command', () => {
    expect(fix({ definition: { isTransient: true } })).toBe(
      'API_PORT is 3000 in line 2 of .env: write API_PORT=$PORT before its command',
    );
  });

  test('for a variable that already has the port removes it from the file', () => {
    const holder = { variable: 'PORT', port: 3000, place: 'line 1 of .env' };
    expect(fix({ holder })).toBe(
      'PORT is 3000 in line 1 of .env, which its program prefers to its environment: remove that',
    );
    expect(fix({ holder, value: '3000' })).toBe(
      'PORT is 3000, not 4000: it is set in line 1 of .env. Remove that, or put the port into its command: $PORT',
    );
  });
});
