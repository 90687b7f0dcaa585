import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { callerTrust } from '../../test/temporary-candle.ts';
import { type ConfigAdditions, copyConfig, extendConfig } from './edit-config.ts';
import { insertKeyText } from './edit-text.ts';
import { parseConfig } from './parse-config.ts';

let project: string;

beforeEach(() => {
  project = realpathSync(mkdtempSync(join(tmpdir(), 'candle-extend-')));
});
afterEach(() => rmSync(project, { recursive: true, force: true }));

const nothing: ConfigAdditions = { services: [], ports: {} };
const web = { name: 'web', shell: 'npm run dev', port: 'auto' as const };

function text(): string {
  return readFileSync(join(project, '.candle.json'), 'utf8');
}

test('a new file has everything that was added', async () => {
  const setup = { run: 'npm ci', inputs: ['package-lock.json'] };
  const added = { services: [web], ports: { db: { port: 5432, strictPort: true } }, setup };
  expect(await extendConfig(callerTrust, project, () => added)).toMatchObject({ created: true, added });
  expect(JSON.parse(text())).toEqual({ services: [web], ports: added.ports, setup });
});

test('the layout is that of Prettier: short lists are on one line', async () => {
  const inputs = Array.from({ length: 9 }, (_, at) => `requirements-${at}.txt`);
  await extendConfig(callerTrust, project, () => ({
    services: [{ ...web, restart: 'always', envFile: ['.env', '.env.local'], env: {} }],
    ports: {},
    setup: { run: 'pip', inputs },
  }));
  const lines = [
    ...[
      '{',
      '  "services": [',
      '    {',
      '      "name": "web",',
      '      "shell": "npm run dev",',
      '      "port": "auto",',
    ],
    ...[
      '      "restart": "always",',
      '      "envFile": [".env", ".env.local"],',
      '      "env": {}',
      '    }',
      '  ],',
      '  "setup": {',
      '    "run": "pip",',
    ],
    ...['    "inputs": [', inputs.map((input) => `      "${input}"`).join(',\n'), '    ]', '  }', '}', ''],
  ];
  expect(text()).toBe(lines.join('\n'));
});

test('the caller sees what the file contains, and comments and order stay', async () => {
  const before = '{\n  // First.\n  "setup": "make",\n  "services": { "api": { "shell": "./api" } }, // Last.\n}\n';
  writeFileSync(join(project, '.candle.json'), before);
  await extendConfig(callerTrust, project, (written) => {
    expect(written).toMatchObject({ services: [{ name: 'api', shell: './api' }], ports: [], hasSetup: true });
    return { ...nothing, services: [web], ports: { db: { port: 'auto' } } };
  });
  expect(text()).toBe(
    '{\n  // First.\n  "setup": "make",\n  "services": { "api": { "shell": "./api" }, "web": { "shell": "npm run dev", "port": "auto" } }, // Last.\n  "ports": { "db": { "port": "auto" } },\n}\n',
  );
});

test('nothing is written if nothing is added', async () => {
  const before = '{"services": []}';
  writeFileSync(join(project, '.candle.json'), before);
  expect(await extendConfig(callerTrust, project, () => nothing)).toMatchObject({ created: false });
  expect(text()).toBe(before);
});

test('an addition that conflicts with the rest of the file is rejected', async () => {
  writeFileSync(join(project, '.candle.json'), '{"services": [{"name": "we-b", "shell": "x"}]}');
  const before = text();
  const added = { ...nothing, services: [{ ...web, name: 'we_b' }] };
  await expect(extendConfig(callerTrust, project, () => added)).rejects.toMatchObject({ code: 'SERVICE_NOT_ADDABLE' });
  expect(text()).toBe(before);
});

test('a key can be added to any valid text, whatever its layout', async () => {
  const layout = fc.constantFrom(
    '',
    '// Only a comment.\n',
    '{}',
    '{ "services": [] }',
    '{\r\n\t"services": [\r\n\t],\r\n}',
    '{ "ports": { "a": 1025 } /* end */ }',
    '{\n  "ports": {\n    "a": "auto", // first\n  },\n}',
  );
  await fc.assert(
    fc.asyncProperty(layout, fc.constantFrom('b', 'mail', 'x1'), async (before, name) => {
      const after = insertKeyText(before, name, { port: 1100 }, 'ports');
      const { ports } = await parseConfig(join(project, '.candle.json'), after);
      expect(ports.map((entry) => entry.name)).toEqual([...(before.includes('"a"') ? ['a'] : []), name]);
    }),
  );
});

test('a copied configuration is the same text; an invalid one is not copied, and an existing one is kept', async () => {
  const main = realpathSync(mkdtempSync(join(tmpdir(), 'candle-main-')));
  const from = join(main, '.candle.json');
  writeFileSync(from, '{ "services": [ }');
  await expect(copyConfig(callerTrust, from, project)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  writeFileSync(from, '// Mine.\n{ "services": [] }\n');
  expect(await copyConfig(callerTrust, from, project)).toMatchObject({ created: true });
  expect(text()).toBe('// Mine.\n{ "services": [] }\n');
  writeFileSync(from, '{}');
  expect(await copyConfig(callerTrust, from, project)).toMatchObject({ created: false });
  expect(text()).toBe('// Mine.\n{ "services": [] }\n');
  rmSync(main, { recursive: true, force: true });
});
