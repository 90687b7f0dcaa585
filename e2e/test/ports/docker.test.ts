import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { freePort } from '../listeners.ts';
import { sandbox } from '../sandbox.ts';
import { foreignListener } from './foreign-listener.ts';

/** A sandbox in which `docker` runs this shell script. */
function withDocker(script: string) {
  const box = sandbox();
  const bin = join(box.root, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'docker'), `#!/bin/sh\n${script}\n`);
  chmodSync(join(bin, 'docker'), 0o755);
  const env = { PATH: `${bin}:${box.env.PATH}` };
  return { box, whoHas: (port: number) => box.candleJson(['who-has', String(port)], { env }), env };
}

const container = (name: string, ports: string) => JSON.stringify({ Names: name, Image: 'postgres:16', Ports: ports });

test('reports a container that publishes the port, but not one that uses it only internally', async () => {
  const port = await freePort(20_000);
  const lines = [
    container('db', `0.0.0.0:${port}->5432/tcp, [::]:${port}->5432/tcp`),
    container('inside', `0.0.0.0:9000->${port}/tcp`),
    container('range', `0.0.0.0:${port - 5}-${port + 5}->8000-8010/tcp`),
    container('udp', `0.0.0.0:${port}->53/udp`),
    '{"Names":["a podman"]}',
    'nonsense',
  ];
  const { box, whoHas, env } = withDocker(`[ "$3" = publish=${port} ] && cat <<'end'\n${lines.join('\n')}\nend`);
  const report = await whoHas(port);
  expect(report).toMatchObject({
    free: false,
    containers: [
      { name: 'db', image: 'postgres:16' },
      { name: 'range', image: 'postgres:16' },
    ],
    advice: [{ command: 'docker stop db' }, { command: 'docker stop range' }],
  });
  expect((await box.candle(['who-has', String(port)], { env })).stdout).toMatch(
    new RegExp(`^Port ${port} is published by Docker container 'db' \\(postgres:16\\)\n`),
  );
  // A Docker daemon on another machine says nothing about this machine's ports.
  const elsewhere = { ...env, DOCKER_HOST: 'ssh://ada@elsewhere' };
  expect((await box.candleJson(['who-has', String(port)], { env: elsewhere })).free).toBe(true);
});

test.each([
  ['prints nonsense', 'echo nonsense; echo "{"'],
  ['hangs', 'exec sleep 1000'],
])('if docker %s, who-has still reports everything else', async (_, script) => {
  const { box, whoHas } = withDocker(script);
  const port = await freePort(20_000);
  const { pid } = await foreignListener('127.0.0.1', [port], { cwd: box.root });
  expect(await whoHas(port)).toMatchObject({
    owners: [{ pid }],
    containers: [],
    advice: [{ command: `kill ${pid}` }],
  });
});
