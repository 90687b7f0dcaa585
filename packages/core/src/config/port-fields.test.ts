import { describe, expect, test } from 'vitest';
import { problemsIn, problemsWith, servicesIn, serviceWith } from '../../test/config-text.ts';
import { parseConfig } from './parse-config.ts';

const preference = 'must be "auto", or a number from 1024 to 65535';

test.each([
  ['"auto"', { kind: 'auto' }],
  ['1024', { kind: 'preferred', port: 1024 }],
  ['65535', { kind: 'preferred', port: 65535 }],
  ['5173, "strictPort": false', { kind: 'preferred', port: 5173 }],
  ['5173, "strictPort": true', { kind: 'strict', port: 5173 }],
])('"port": %s', async (written, port) => {
  expect((await serviceWith(`"port": ${written}`)).port).toEqual(port);
});

test('without port there is no port setting, even if strictPort is false', async () => {
  expect(await serviceWith('"strictPort": false')).not.toHaveProperty('port');
});

test.each([
  ['0', `${preference}; use "auto" for any free port`],
  ['80', `${preference}; only root can listen on lower ports`],
  ['1023', `${preference}; only root can listen on lower ports`],
  ['70000', preference],
  ['-1', preference],
  ['5173.5', preference],
  ['1e9', preference],
  ['"abc"', preference],
  ['"AUTO"', preference],
  ['"5173"', `${preference}; write the number without quotes`],
  ['""', preference],
  ['null', preference],
  ['true', preference],
  ['[5173]', preference],
  ['{}', preference],
])('"port": %s is rejected', async (written, problem) => {
  expect(await problemsWith(`"port": ${written}`)).toEqual([`3 port: ${problem}`]);
});

test.each(['', ', "port": "auto"'])('strictPort requires a number%s', async (more) => {
  expect(await problemsWith(`"strictPort": true${more}`)).toEqual([
    '3 strictPort: requires a port number: set port to a number, or remove strictPort',
  ]);
});

test('an invalid port is not reported for strictPort as well', async () => {
  expect(await problemsWith('"port": 0, "strictPort": true')).toHaveLength(1);
  expect(await problemsWith('"port": 5173, "strictPort": 1')).toEqual(['3 strictPort: must be true or false']);
});

test.each([
  ['"VITE_PORT"', ['VITE_PORT']],
  ['["PORT", "http_port", "_1", "PORT"]', ['PORT', 'http_port', '_1']],
  ['[]', []],
  ['null', []],
])('"portEnv": %s', async (written, portEnv) => {
  expect((await serviceWith(`"portEnv": ${written}`)).portEnv).toEqual(portEnv);
});

const form = 'must be a variable name, a list of variable names, or null for none';
const name = "must be a variable name: letters, digits and '_', not starting with a digit";

test.each([
  ['""', `portEnv: ${name}`],
  ['"1X"', `portEnv: ${name}`],
  ['"MY-PORT"', `portEnv: ${name}`],
  ['"A=B"', `portEnv: ${name}`],
  ['["OK", "A B"]', `portEnv[1]: ${name}`],
  ['"CANDLE_PORT"', 'portEnv: must not begin with CANDLE_: Candle sets these variables'],
  ['5', `portEnv: ${form}`],
  ['false', `portEnv: ${form}`],
])('"portEnv": %s is rejected', async (written, problem) => {
  expect(await problemsWith(`"portEnv": ${written}`)).toEqual([`3 ${problem}`]);
});

describe('excludePorts', () => {
  const parse = (text: string) => parseConfig('/home/ada/shop/.candle.json', text);

  test('is a list of numbers, and empty if omitted', async () => {
    expect((await parse('{"excludePorts": [5000, 1, 65535, 5000]}')).excludedPorts).toEqual([5000, 1, 65535, 5000]);
    expect((await parse('{}')).excludedPorts).toEqual([]);
    expect((await parse('')).excludedPorts).toEqual([]);
  });

  test.each([
    ['5000', 'excludePorts: must be a list of port numbers'],
    ['{}', 'excludePorts: must be a list of port numbers'],
    ['null', 'excludePorts: must be a list of port numbers'],
    ['[0]', 'excludePorts[0]: must be a number from 1 to 65535'],
    ['[1, 65536]', 'excludePorts[1]: must be a number from 1 to 65535'],
    ['["5000-6000"]', 'excludePorts[0]: must be a number from 1 to 65535'],
    ['[5000.5]', 'excludePorts[0]: must be a number from 1 to 65535'],
  ])('%s is rejected', async (written, problem) => {
    expect(await problemsIn(`{"excludePorts": ${written}}`)).toEqual([`1 ${problem}`]);
  });
});

test('conflicts between the ports of services are reported at the field that has to change', async () => {
  const text = `{ "excludePorts": [5000],
    "services": {
      "a": { "shell": "x", "port": 5173, "strictPort": true },
      "b": { "shell": "x",
        "port": 5173, "strictPort": true },
      "c": { "shell": "x", "port": 5173 },
      "d": { "shell": "x", "port": 5000 },
      "web-ui": { "shell": "x" },
      "WEB_UI": { "shell": "x" },
      "web.ui": { "shell": "x" }
    }
  }`;
  expect(await problemsIn(text)).toEqual([
    "5 services.b.port: 'a' also requires 5173: give them different numbers, or remove strictPort from one of them",
    '7 services.d.port: 5000 is in excludePorts: remove it there, or choose another port',
    "9 services.WEB_UI: 'WEB_UI' and 'web-ui' would both set WEB_UI_PORT for other services: rename one of them",
    "10 services['web.ui']: 'web.ui' and 'web-ui' would both set WEB_UI_PORT for other services: rename one of them",
  ]);
});

test('names without a variable prefix do not conflict', async () => {
  expect(await servicesIn('{"services": {"日": {"shell": "x"}, "本": {"shell": "x"}}}')).toHaveLength(2);
});
