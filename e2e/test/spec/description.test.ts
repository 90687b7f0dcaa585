import { expect, test } from 'vitest';
import { freePort, freePorts } from '../listeners.ts';
import { sandbox } from '../sandbox.ts';
import { program } from '../services/programs.ts';
import { openStore } from '../store.ts';

const config = { services: [] };

test('Reserve an unused port for a service or project.', async () => {
  const box = sandbox({ config });
  const [first, second] = await freePorts(2);
  expect(await box.candle(['reserve-port', 'api'])).toMatchObject({ exitCode: 0, stderr: '' });
  expect(await box.candle(['reserve-port'])).toMatchObject({ exitCode: 0, stderr: '' });
  const { ports } = await box.candleJson(['list-reserved-ports']);
  expect(ports).toMatchObject([
    { port: second, serviceName: null },
    { port: first, serviceName: 'api' },
  ]);
});

test('candle reserve-port [name]', async () => {
  const box = sandbox({ config });
  const { stdout, exitCode } = await box.candle(['reserve-port', '--help']);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^ {2}\$ candle reserve-port \[NAME\]/m);
  expect((await box.candle(['reserve-port', 'api', 'web'])).exitCode).toBe(1);
  expect((await box.candleJson(['list-reserved-ports'])).ports).toEqual([]);
});

test('The `reserve-port` command reserves an unused port number and stores it in the Candle database.', async () => {
  const box = sandbox({ config });
  const port = await freePort();
  await box.candle(['reserve-port', 'api']);
  const rows = (await openStore(box)).prepare('SELECT port, project_dir, service_name FROM reservations').all();
  expect(rows).toEqual([{ port, project_dir: box.projectDir, service_name: 'api' }]);
});

test('This port can be associated with a specific service or reserved at the project level.', async () => {
  const box = sandbox({ config });
  expect(await box.candleJson(['reserve-port', 'api'])).toMatchObject({ serviceName: 'api' });
  expect(await box.candleJson(['reserve-port'])).toMatchObject({ serviceName: null, projectDir: box.projectDir });
});

test('When a service with a reserved port is started, Candle automatically sets the `PORT` environment variable to the reserved port number.', async () => {
  const box = sandbox({ config: { services: [{ name: 'api', shell: program('listens.mjs') }] } });
  const { port } = await box.candleJson(['reserve-port', 'api']);
  expect((await box.candle(['start', 'api'])).exitCode).toBe(0);
  // The program responds with the value of PORT.
  expect(await (await fetch(`http://127.0.0.1:${port}`)).text()).toBe(String(port));
});

test('Name of the service to reserve the port for (optional).', async () => {
  const box = sandbox({ config });
  const { port } = await box.candleJson(['reserve-port', 'any name at all']);
  expect((await box.candle(['get-reserved-port', 'any name at all'])).stdout).toBe(`${port}\n`);
});

test('If omitted, reserves a project-level port.', async () => {
  const box = sandbox({ config });
  const { stdout } = await box.candle(['reserve-port']);
  expect(stdout).toMatch(/^Reserved port \d+ for project\n$/);
  expect((await box.candle(['list-reserved-ports'])).stdout).toContain('(project-level)');
});
