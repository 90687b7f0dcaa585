import { hash } from 'node:crypto';
import { expect, test } from 'vitest';
import { serviceWith } from '../../test/config-text.ts';
import { changedSettings, configuredDefinition, fingerprint, hashSettings } from './service.ts';
import { resolveTemplates } from './templates/resolve-templates.ts';

async function fingerprintWith(fields: string): Promise<string> {
  return fingerprint(configuredDefinition('/home/ada/shop', await serviceWith(fields)));
}

const plain = '"autostart": true';

test.each([
  '"restart": "never"',
  '"restart": {"policy": "never", "delay": "500ms", "maxDelay": 30, "maxAttempts": 10}',
  '"portEnv": "PORT"',
  '"portEnv": ["PORT"]',
  '"port": 5173, "strictPort": true',
  '"port": "auto"',
  '"ready": {"port": true}',
  '"ready": {"port": true, "interval": "250ms", "timeout": "30s"}',
  '"logs": {}',
  '"output": "auto"',
  '"logs": {"maxBytes": "64MB", "maxAge": "168h"}',
  '"stopSignal": "TERM", "stopTimeout": "10s", "env": {}, "envFile": [], "color": false',
])('explicit defaults and a port setting do not change the fingerprint: %s', async (fields) => {
  expect(await fingerprintWith(fields)).toBe(await fingerprintWith(plain));
});

test('a definition without the newer fields keeps the fingerprint from before they existed', async () => {
  const parts = ['run', null, [], [], false, 'SIGTERM', 10_000];
  expect(await fingerprintWith(plain)).toBe(hash('sha1', JSON.stringify(parts)));
});

test('each change in how a service is run changes the fingerprint', async () => {
  const changes = [
    plain,
    '"root": "apps"',
    '"env": {"A": "1"}',
    '"envFile": ".env"',
    '"color": true',
    '"stopSignal": "INT"',
    '"stopTimeout": "11s"',
    '"output": "pipe"',
    '"output": "file"',
    '"stopCommand": "make down"',
    '"stopCommand": "make stop"',
    '"restart": "always"',
    '"restart": "on-failure"',
    '"restart": {"policy": "never", "delay": "1s"}',
    '"restart": {"policy": "never", "maxDelay": "1m"}',
    '"restart": {"policy": "never", "maxAttempts": 9}',
    '"ready": false',
    '"ready": {"port": 5432}',
    '"ready": {"port": "${port}"}',
    '"portEnv": null',
    '"portEnv": "VITE_PORT"',
    '"portEnv": ["PORT", "VITE_PORT"]',
    '"ready": {"http": "/"}',
    '"ready": {"log": "up"}',
    '"ready": {"log": "up", "regex": true}',
    '"ready": {"exec": "up"}',
    '"ready": {"port": true, "interval": "1s"}',
    '"ready": {"port": true, "timeout": "1s"}',
    '"logs": {"maxBytes": "1MB"}',
    '"logs": {"maxAge": "1h"}',
    '"logs": {"maxAge": "1h"}, "restart": "always"',
    '"enableStdin": true',
    '"tty": true',
    '"oneshot": true',
    '"ports": {"HMR_PORT": "auto"}',
  ];
  const fingerprints = await Promise.all(changes.map(fingerprintWith));
  const same = changes.filter((_, index) => fingerprints.indexOf(fingerprints[index] ?? '') !== index);
  expect(same).toEqual([]);
});

test('the url and the preferred further ports do not change the fingerprint', async () => {
  expect(await fingerprintWith('"url": "http://127.0.0.1:${port}"')).toBe(await fingerprintWith(plain));
  expect(await fingerprintWith('"ports": {"HMR_PORT": 9229}')).toBe(
    await fingerprintWith('"ports": {"HMR_PORT": "auto"}'),
  );
});

test('autostart, dependsOn and the order of env do not change the fingerprint', async () => {
  for (const fields of ['"autostart": false', '"dependsOn": []']) {
    expect(await fingerprintWith(fields)).toBe(await fingerprintWith(plain));
  }
  expect(await fingerprintWith('"env": {"A": "1", "B": "2"}')).toBe(
    await fingerprintWith('"env": {"B": "2", "A": "1"}'),
  );
});

async function settingsWith(fields: string, envFiles: readonly Record<string, string>[] = []) {
  const definition = configuredDefinition('/home/ada/shop', await serviceWith(fields));
  const resolved = resolveTemplates(definition, { ports: new Map() });
  return hashSettings(
    resolved,
    envFiles.map((variables) => ({ variables })),
  );
}

test.each([
  [plain, '"env": {}', []],
  [plain, '"autostart": false, "dependsOn": [], "url": "http://127.0.0.1"', []],
  [plain, '"port": "auto"', ['preferredPorts']],
  ['"ports": {"HMR_PORT": "auto"}', '"ports": {"HMR_PORT": 9229}', ['preferredPorts']],
  ['"env": {"A": "1", "B": "2"}', '"env": {"B": "2", "A": "1"}', []],
  ['"env": {"A": "1"}', '"env": {"A": "2"}', ['env']],
  [plain, '"root": "apps", "stopSignal": "INT", "stopTimeout": "11s"', ['root', 'stopSignal', 'stopTimeout']],
  [plain, '"stopCommand": "make down", "restart": "always"', ['restart', 'stopCommand']],
  [plain, '"ready": {"port": true, "timeout": "1s"}, "logs": {"maxAge": "1h"}', ['logs', 'ready']],
  [plain, '"portEnv": null, "color": true, "enableStdin": true', ['color', 'enableStdin', 'portEnv']],
  [plain, '"tty": true', ['enableStdin', 'tty']],
])('%s and %s differ in %j', async (before, now, changed) => {
  expect(changedSettings(await settingsWith(before), await settingsWith(now))).toEqual(changed);
});

test('a variable in an envFile is part of the setting envFile', async () => {
  const withFile = (value: string) => settingsWith('"envFile": ".env"', [{ TOKEN: value }]);
  expect(changedSettings(await withFile('secret'), await withFile('secret'))).toEqual([]);
  expect(changedSettings(await withFile('secret'), await withFile('other'))).toEqual(['envFile']);
  expect(JSON.stringify(await withFile('secret'))).not.toContain('secret');
});

test('a setting that was not recorded counts as unchanged', async () => {
  const { env: _, ...before } = await settingsWith('"env": {"A": "1"}');
  expect(changedSettings(before, await settingsWith('"env": {"A": "2"}'))).toEqual([]);
});
