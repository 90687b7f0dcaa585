import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSandbox } from '@candle/cli-kit/testing';

test('lists the port of each service', async (t) => {
  // Runs the real candle with this plugin linked, in its own temporary home and project.
  const box = await openSandbox({ config: { services: [{ name: 'api', shell: 'sleep 60', port: 'auto' }] } });
  t.after(() => box.close());

  const { port } = (await box.run(['reserve-port', 'api', '--json'])).json;

  const shown = await box.run(['example-command']);
  assert.equal(shown.stderr, '');
  assert.equal(shown.stdout, `NAME  PORT\napi   ${port}\n`);

  const { ports } = (await box.run(['example-command', 'api', '--json'])).json;
  assert.equal(ports[0].port, port);
});

test('fails with a hint if no port is reserved', async (t) => {
  const box = await openSandbox({ config: { services: [] } });
  t.after(() => box.close());

  const { exitCode, stderr } = await box.run(['example-command', 'api']);
  assert.equal(exitCode, 1);
  assert.equal(stderr, "Error: No port is reserved for service 'api'\nTo reserve a port: candle reserve-port api\n");
});
