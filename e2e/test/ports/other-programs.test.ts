import { describe, expect, test } from 'vitest';
import { freePort, freePorts, listen } from '../listeners.ts';
import { sandbox } from '../sandbox.ts';
import { environmentOf } from '../services/environment-of.ts';
import { program } from '../services/programs.ts';

const printsEnv = { shell: program('prints-env.mjs'), port: null };

test('ports of other programs are reserved at the first start, and all services get them', async () => {
  const smtp = await freePort(7025);
  const box = sandbox({
    config: {
      services: { api: printsEnv, job: { ...printsEnv, env: { DSN: 'postgres://localhost:${ports.db.port}/shop' } } },
      ports: { db: 'auto', mail: { port: smtp, portEnv: 'SMTP_PORT', url: 'smtp://localhost:${port}' } },
    },
  });
  const { env } = await environmentOf(box, 'api');
  const { ports } = await box.candleJson(['list-reserved-ports']);
  expect(ports).toMatchObject([
    { serviceName: 'db', purpose: 'program' },
    { serviceName: 'mail', purpose: 'program', port: smtp },
  ]);
  const db = String(ports[0].port);
  expect(env).toMatchObject({ DB_PORT: db, SMTP_PORT: String(smtp), MAIL_URL: `smtp://localhost:${smtp}` });
  for (const name of ['DB_URL', 'MAIL_PORT']) expect(env).not.toHaveProperty(name);
  expect((await environmentOf(box, 'job')).env).toMatchObject({ DSN: `postgres://localhost:${db}/shop`, DB_PORT: db });
  const { stdout } = await box.candle(['list-reserved-ports']);
  expect(stdout).toContain(`  Port ${db} (not started by Candle: db)\n`);
});

describe('a preferred port on which something listens', () => {
  test('is reserved, because that is most likely the program; nobody is in conflict with it', async () => {
    const port = await freePort(7100);
    await listen({ port });
    const box = sandbox({ config: { services: { api: printsEnv }, ports: { db: port } } });
    const { env } = await environmentOf(box, 'api');
    expect(env.DB_PORT).toBe(String(port));
    const { ports } = await box.candleJson(['list-reserved-ports']);
    expect(ports).toMatchObject([{ serviceName: 'db', port, conflicts: [] }]);
    expect(await box.candleJson(['who-has', String(port)])).toMatchObject({
      reservation: { serviceName: 'db', status: null },
    });
    expect((await box.candle(['who-has', String(port)])).stdout).toContain(
      `It is reserved for 'db' of project ${box.projectDir}, which Candle does not start\n`,
    );
    expect(await box.candle(['doctor'])).toMatchObject({
      stdout: expect.not.stringContaining(`Port ${port}, reserved`),
    });
    await box.candle(['release-ports', 'db']);
    expect(await box.candleJson(['reserve-port', 'db'])).toMatchObject({ port });
  });

  test('is not reserved for a service', async () => {
    const [port = 0, next] = await freePorts(2, 7200);
    await listen({ port });
    const box = sandbox({ config: { services: { db: { ...printsEnv, port, ready: false } } } });
    await box.candle(['start']);
    expect((await box.candleJson(['list-reserved-ports'])).ports).toMatchObject([{ serviceName: 'db', port: next }]);
  });
});

test('a port that is reserved elsewhere is taken: another one is used, or the start fails if it is required', async () => {
  const [port = 0, next] = await freePorts(2, 7400);
  const config = (entry: object) => ({ services: { api: printsEnv }, ports: { db: { port, ...entry } } });
  const box = sandbox({ config: config({}) });
  await box.candle(['start']);
  for (const [name, entry] of [
    ['preferred', {}],
    ['required', { strictPort: true }],
  ] as const) {
    box.writeFile(`../${name}/.candle.json`, JSON.stringify(config(entry)));
  }
  const there = (name: string) => ({ cwd: `${box.projectDir}/../${name}` });
  const { fallbacks } = await box.candleJson(['start'], there('preferred'));
  expect(fallbacks).toMatchObject([{ name: 'db', preferred: port, port: next, reason: 'reserved' }]);
  const { error } = await box.candleJson(['start'], there('required'));
  expect(error).toMatchObject({
    code: 'PORT_NOT_AVAILABLE',
    message: `Port ${port} is not available for 'db': it is reserved for 'db' of project ${box.projectDir}`,
    details: { serviceName: 'db', by: 'reserved' },
  });
  expect(error.hint).toMatch(
    new RegExp(
      `\nTo give each checkout its own port, set "port": "auto" for 'db' in \\.candle\\.json, without "strictPort"\\. If a compose file publishes ${port}, write \\$\\{DB_PORT:-${port}\\} there instead$`,
    ),
  );
});

test('a required port that differs from the reserved one is reported with the command that releases it', async () => {
  const [first, port] = await freePorts(2, 7500);
  const box = sandbox({ config: { services: { api: printsEnv }, ports: { db: first } } });
  await box.candle(['start']);
  const written = { services: { api: printsEnv }, ports: { db: { port, strictPort: true } } };
  box.writeFile('.candle.json', JSON.stringify(written));
  expect(await box.candle(['start'])).toMatchObject({
    stderr: `Error: Port entry 'db' has port ${first} reserved, but its configuration requires ${port}\nTo release it, so that the next start reserves the other one: candle release-ports db\n`,
    exitCode: 1,
  });
  expect(await box.candle(['release-ports', 'db'])).toMatchObject({ exitCode: 0 });
  expect((await environmentOf(box, 'api')).env.DB_PORT).toBe(String(port));
});

test('a service with the same name is a configuration error, and cannot be started with --shell either', async () => {
  const box = sandbox({ config: { services: { db: printsEnv }, ports: { db: 5432 } } });
  expect(await box.candle(['start'])).toMatchObject({
    stderr: expect.stringContaining("ports.db: 'db' is already the name of services.db: rename one of them"),
    exitCode: 1,
  });
  box.writeFile('.candle.json', JSON.stringify({ services: {}, ports: { db: 5432 } }));
  const { error } = await box.candleJson(['start', 'db', '--shell', 'exec sleep 1000']);
  expect(error.code).toBe('SERVICE_NAME_TAKEN');
  expect((await box.candleJson(['add-service', 'db', '--shell', 'x'])).error.code).toBe('SERVICE_NOT_ADDABLE');
});
