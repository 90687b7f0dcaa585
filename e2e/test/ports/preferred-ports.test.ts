import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Sandbox } from '@candle/test-kit';
import { describe, expect, test } from 'vitest';
import { freePort, freePorts, listen } from '../listeners.ts';
import { sandbox } from '../sandbox.ts';

function configOf({ projectDir }: Sandbox): string {
  return readFileSync(join(projectDir, '.candle.json'), 'utf8');
}

/** Above the ports that other tests reserve. */
const first = 7300;

describe('reserve-port --port', () => {
  test('reserves that port, which can be 1024 or higher, and does not move the start of the next search', async () => {
    const box = sandbox({ config: { services: [] } });
    const { projectDir } = box;
    const [next] = await freePorts(1);
    const [low, high] = [await freePort(3000), await freePort(first)];
    expect(await box.candle(['reserve-port', 'web', '--port', String(high)])).toEqual({
      stdout: `Reserved port ${high} for service 'web'\n`,
      stderr: '',
      exitCode: 0,
    });
    expect(await box.candleJson(['reserve-port', '--port', String(low)])).toEqual({
      port: low,
      serviceName: null,
      projectDir,
    });
    expect(await box.candleJson(['reserve-port', 'api'])).toMatchObject({ port: next });
  });

  test('reports why a port is not available, and what to do', async () => {
    const box = sandbox({ config: { services: [], excludePorts: [7299] } });
    const other = join(box.projectDir, 'other');
    mkdirSync(other);
    box.writeFile('other/.candle.json', '{}');
    const [port = 0, busy = 0] = await freePorts(2, first);
    await box.candle(['reserve-port', 'web', '--port', String(port)], { cwd: other });
    await listen({ port: busy, host: '127.0.0.1' });
    const errorOf = async (asked: string) => (await box.candleJson(['reserve-port', 'api', '--port', asked])).error;
    expect(await errorOf(String(port))).toEqual({
      code: 'PORT_NOT_AVAILABLE',
      message: `Port ${port} is not available for service 'api': it is reserved for service 'web' of project ${other}`,
      hint: `To release it: candle release-ports --port ${port} --project ${other}`,
      details: {
        port,
        projectDir: box.projectDir,
        serviceName: 'api',
        by: 'reserved',
        reservedBy: { projectDir: other, serviceName: 'web' },
      },
    });
    expect(await errorOf(String(busy))).toMatchObject({
      message: `Port ${busy} is not available for service 'api': it is in use by another program`,
      hint: `To see which: candle who-has ${busy}`,
    });
    expect(await errorOf('7299')).toMatchObject({ hint: 'Remove 7299 from excludePorts, or choose another port' });
    expect(await errorOf('80')).toMatchObject({ code: 'PORT_PRIVILEGED' });
    for (const text of ['70000', '']) {
      expect(await errorOf(text)).toMatchObject({ code: 'PORT_INVALID' });
    }
    expect((await box.candleJson(['list-reserved-ports'])).ports).toEqual([]);
  });

  test('of 8 concurrent calls for 8 services, one gets the port, and 7 report the service that has it', async () => {
    const box = sandbox({ config: { services: [] } });
    const port = await freePort(first);
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) => box.candle(['reserve-port', `s${index}`, '--port', String(port)])),
    );
    expect(answers.filter(({ exitCode }) => exitCode === 0)).toHaveLength(1);
    const [winner] = (await box.candleJson(['list-reserved-ports'])).ports;
    const losers = answers.filter(({ exitCode }) => exitCode === 1).map(({ stderr }) => stderr.split('\n', 1).join(''));
    expect(losers.toSorted()).toEqual(
      answers
        .map((_, index) => `s${index}`)
        .filter((name) => name !== winner.serviceName)
        .map(
          (name) =>
            `Error: Port ${port} is not available for service '${name}': it is reserved for service '${winner.serviceName}' of this project`,
        )
        .toSorted(),
    );
  });
});

test('the first project gets the preferred port; the second one gets the next port, and a message says so', async () => {
  const box = sandbox();
  const [port = 0, nextPort] = await freePorts(2, first);
  const [a = '', b = ''] = ['a', 'b'].map((name) => {
    const dir = join(box.projectDir, name);
    mkdirSync(dir);
    return dir;
  });
  for (const cwd of [a, b]) {
    const line = ['add-service', 'web', '--shell', 'npx vite', '--port', String(port)];
    expect((await box.candle(line, { cwd })).exitCode).toBe(0);
  }
  expect(await box.candle(['get-or-reserve-port', 'web'], { cwd: a })).toEqual({
    stdout: `${port}\n`,
    stderr: '',
    exitCode: 0,
  });
  expect(await box.candle(['reserve-port', 'web'], { cwd: b })).toEqual({
    stdout: `Reserved port ${nextPort} for service 'web'\n`,
    stderr: `Port ${port} is not available: it is reserved for service 'web' of project ${a}; 'web' has port ${nextPort} instead\n`,
    exitCode: 0,
  });

  await box.candle(['release-ports', 'web'], { cwd: b });
  const fallback = { preferred: port, reason: 'reserved' };
  for (const wasReserved of [true, false]) {
    const answer = await box.candleJson(['get-or-reserve-port', 'web'], { cwd: b });
    expect(answer).toEqual({
      ...{ port: nextPort, serviceName: 'web', projectDir: b, wasReserved },
      ...(wasReserved ? { fallback } : {}),
    });
  }
});

describe('add-service', () => {
  test('writes the preferred port, auto by default, and null for none', async () => {
    const box = sandbox({ config: { services: [] } });
    expect(await box.candleJson(['add-service', 'api', '--shell', 'x', '--port', 'auto'])).toMatchObject({
      port: 'auto',
    });
    expect(await box.candleJson(['add-service', 'web', '--shell', 'x', '--port', '5173'])).toMatchObject({
      port: 5173,
    });
    expect(await box.candleJson(['add-service', 'docs', '--shell', 'x'])).toMatchObject({ port: 'auto' });
    expect(await box.candleJson(['add-service', 'job', '--shell', 'x', '--no-port'])).toMatchObject({ port: null });
    expect(JSON.parse(configOf(box)).services).toEqual([
      { name: 'api', shell: 'x', port: 'auto' },
      { name: 'web', shell: 'x', port: 5173 },
      { name: 'docs', shell: 'x', port: 'auto' },
      { name: 'job', shell: 'x', port: null },
    ]);
  });

  test('rejects an invalid port, or one that conflicts with the configuration, and writes nothing', async () => {
    const box = sandbox({ config: { services: { 'web-ui': { shell: 'x' } }, excludePorts: [5000] } });
    const before = configOf(box);
    const codeOf = async (name: string, port: string) =>
      (await box.candleJson(['add-service', name, '--shell', 'x', '--port', port])).error.code;
    expect(await codeOf('api', 'any')).toBe('PORT_INVALID');
    expect(await codeOf('api', '80')).toBe('PORT_PRIVILEGED');
    expect(await codeOf('api', '5000')).toBe('SERVICE_NOT_ADDABLE');
    expect(await codeOf('web_ui', 'auto')).toBe('SERVICE_NOT_ADDABLE');
    const both = ['add-service', 'api', '--shell', 'x', '--port', '5173', '--no-port'];
    expect(await box.candle(both)).toMatchObject({
      stderr: 'Error: --no-port cannot be combined with --port\nFor help: candle add-service --help\n',
      exitCode: 1,
    });
    expect(configOf(box)).toBe(before);
  });
});
