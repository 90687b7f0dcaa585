import { expect, test } from 'vitest';
import { describeConfigWarning } from './config-errors.ts';
import { misspelledKey } from './nearest-name.ts';
import { parseConfig } from './parse-config.ts';

const path = '/home/ada/shop/.candle.json';

async function warningsOf(config: unknown): Promise<readonly string[]> {
  return (await parseConfig(path, JSON.stringify(config, null, 1))).warnings.map(describeConfigWarning);
}

const service = { name: 'api', shell: 'run' };

test.each([
  ['depends_on', 'dependsOn'],
  ['dependson', 'dependsOn'],
  ['strict_port', 'strictPort'],
  ['autoStart', 'autostart'],
  ['prot', 'port'],
  ['envfile', 'envFile'],
  ['env_file', 'envFile'],
  ['stopSingal', 'stopSignal'],
  ['redy', 'ready'],
  ['cwd', 'root'],
  ['environment', 'env'],
  ['working_dir', 'root'],
  ['healthcheck', 'ready'],
  ['stop_grace_period', 'stopTimeout'],
])('%s in a service is reported with %s', async (key, meant) => {
  const services = [service, { name: 'web', shell: 'run', [key]: 'x' }];
  expect(await warningsOf({ services })).toEqual([
    `${path}, line 10: services.web.${key} is not a known field; did you mean '${meant}'?`,
  ]);
  expect(await warningsOf({ services: { web: { shell: 'run', [key]: 'x' } } })).toEqual([
    `${path}, line 5: services.web.${key} is not a known field; did you mean '${meant}'?`,
  ]);
});

test.each([
  ['command', "is not a known field; Candle uses 'shell', which is set too"],
  [
    'image',
    "is not a known field; Candle runs the command in 'shell', such as docker compose up, and starts no container itself",
  ],
])('%s of Compose is reported, although there is nothing to write instead', async (key, problem) => {
  expect(await warningsOf({ services: [{ ...service, [key]: 'x' }], [key]: 'x' })).toEqual([
    `${path}, line 6: services.api.${key} ${problem}`,
  ]);
});

test('fields of the file and of the entries of ports are reported too', async () => {
  expect(
    await warningsOf({
      services: [service],
      excludeports: [5000],
      ports: { db: { port: 5432, strictport: true } },
    }),
  ).toEqual([
    `${path}, line 8: excludeports is not a known field; did you mean 'excludePorts'?`,
    `${path}, line 14: ports.db.strictport is not a known field; did you mean 'strictPort'?`,
  ]);
});

test.each(['note', 'host', 'args', 'user', 'role', 'tags', 'description', 'x-owner', 'type'])(
  'another field, such as %s, is not reported',
  async (key) => {
    expect(await warningsOf({ services: [{ ...service, [key]: 'x' }], [key]: 'x' })).toEqual([]);
  },
);

test('a known field that is already set was not meant by another one', async () => {
  expect(await warningsOf({ services: [{ ...service, port: 'auto', prot: 1 }] })).toEqual([]);
});

test('of a short key, one letter may differ, or the order of two', () => {
  expect(misspelledKey('prot', ['port'])).toBe('port');
  expect(misspelledKey('pport', ['port'])).toBe('port');
  expect(misspelledKey('part', ['port'])).toBe('port');
  expect(misspelledKey('past', ['port'])).toBeUndefined();
  expect(misspelledKey('STOP-TIME-OUT', ['stopTimeout'])).toBe('stopTimeout');
});
