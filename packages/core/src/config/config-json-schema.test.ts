import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { parse } from 'jsonc-parser';
import { expect, test } from 'vitest';
import { configJsonSchema } from './config-json-schema.ts';
import { WrittenServiceSchema } from './config-schema.ts';

const schema = configJsonSchema();
const accepts = new Ajv({ strict: false }).compile(schema);

const shell = 'node server.js';

/** Complete configurations that Candle accepts. */
const valid: readonly unknown[] = [
  {},
  { services: [] },
  { $schema: './x.json', services: [{ name: 'api', shell }], somethingElse: 1 },
  { services: { api: { shell }, web: { name: 'web', shell, future: true } } },
  ...[
    false,
    { port: true },
    { port: 5432 },
    { http: '/health' },
    { log: 'ready', regex: true },
    { exec: 'true', interval: 1, timeout: '5s' },
  ].map((ready) => ({ services: [{ name: 'api', shell, ready }] })),
  ...['always', 'never', { policy: 'on-failure', delay: '1s', maxDelay: 60, maxAttempts: 5 }].map((restart) => ({
    services: [{ name: 'api', shell, restart }],
  })),
  {
    services: [
      { name: 'api', shell, env: { A: 'a', B: 1, C: true }, envFile: ['.env', '.env.local'], dependsOn: 'db' },
    ],
  },
  {
    services: [
      { name: 'api', shell, stopSignal: 'int', stopTimeout: 0.5, dependsOn: ['db'], logs: { maxBytes: '64MB' } },
    ],
  },
  { excludePorts: [5000, 7000], services: [] },
  ...['auto', 5173, 1024, null].map((port) => ({ services: [{ name: 'api', shell, port }] })),
  { services: [{ name: 'api', shell, port: 5173, strictPort: true, ready: { port: '${port}' } }] },
  {
    services: [{ name: 'api', shell, ports: { HMR_PORT: 'auto', DEBUG_PORT: 9229 }, url: 'http://localhost:${port}' }],
  },
  { ports: { db: 'auto', cache: 6379, mail: { port: 1025, strictPort: true, portEnv: 'SMTP_PORT', url: 'smtp://x' } } },
  ...['VITE_PORT', ['PORT', 'HTTP_PORT'], null].map((portEnv) => ({ services: [{ name: 'api', shell, portEnv }] })),
];

/** Configurations in which an editor marks a problem. */
const invalid: readonly unknown[] = [
  [],
  { services: 'api' },
  { services: [{ shell }] },
  { services: { api: { name: 'api' } } },
  { services: [{ name: '', shell }] },
  { services: [{ name: 'api', shell, autostart: 'yes' }] },
  { services: [{ name: 'api', shell, ready: true }] },
  { services: [{ name: 'api', shell, ready: { port: 70_000 } }] },
  { services: [{ name: 'api', shell, restart: 'sometimes' }] },
  { services: [{ name: 'api', shell, restart: { delay: '1s' } }] },
  { services: [{ name: 'api', shell, env: { A: { b: 1 } } }] },
  { services: [{ name: 'api', shell, dependsOn: [1] }] },
  ...[0, 80, 70_000, 'abc', 5173.5, true].map((port) => ({ services: [{ name: 'api', shell, port }] })),
  ...[5, '1X', ['A B']].map((portEnv) => ({ services: [{ name: 'api', shell, portEnv }] })),
  { services: [{ name: 'api', shell, ready: { port: '80' } }] },
  ...[{ A: null }, { A: 80 }, ['A']].map((ports) => ({ services: [{ name: 'api', shell, ports }] })),
  ...[{ db: null }, { db: {} }, { db: { port: 80 } }, 5432].map((ports) => ({ ports })),
  { excludePorts: ['5000-6000'] },
  { excludePorts: [0] },
];

test.each(valid.map((config) => [JSON.stringify(config), config]))('%s is valid', (_, config) => {
  expect(accepts(config), JSON.stringify(accepts.errors)).toBe(true);
});

test.each(invalid.map((config) => [JSON.stringify(config), config]))('%s is invalid', (_, config) => {
  expect(accepts(config)).toBe(false);
});

test('the example configuration of this repository is valid', () => {
  const repository = join(import.meta.dirname, '../../../..');
  const config: unknown = parse(readFileSync(join(repository, 'examples/shop/.candle.json'), 'utf8'));
  expect(accepts(config), JSON.stringify(accepts.errors)).toBe(true);
});

test('every field of a service has a description', () => {
  const { definitions } = schema as { definitions: { service: { properties: Record<string, object> } } };
  const { properties } = definitions.service;
  const [, object] = WrittenServiceSchema.pipe;
  expect(Object.keys(properties)).toEqual(Object.keys(object.entries));
  for (const [name, field] of Object.entries(properties))
    expect([name, field]).toEqual([name, expect.objectContaining({ description: expect.stringMatching(/\.$/) })]);
});
