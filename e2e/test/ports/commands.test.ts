import { describe, expect, test } from 'vitest';
import { freePorts } from '../listeners.ts';
import { sandbox } from '../sandbox.ts';
import { openStore } from '../store.ts';

const config = { services: [] };
const done = (stdout: string) => ({ stdout, stderr: '', exitCode: 0 });
/** A failure whose first line is this sentence; the hint follows it. */
const failed = (sentence: string) => ({
  stdout: '',
  stderr: expect.stringMatching(new RegExp(`^Error: ${sentence.replace(/[.?*+^$[\]\\(){}|]/g, '\\$&')}\n`)),
  exitCode: 1,
});

test('reserve-port, get-reserved-port, get-or-reserve-port and release-ports print the exact messages', async () => {
  const box = sandbox({ config });
  const [first, second, third] = await freePorts(3);
  expect(await box.candle(['reserve-port', 'api'])).toEqual(done(`Reserved port ${first} for service 'api'\n`));
  expect(await box.candle(['reserve-port'])).toEqual(done(`Reserved port ${second} for project\n`));
  expect(await box.candle(['reserve-port', 'api'])).toEqual(
    failed(`Service 'api' already has a reserved port: ${first}`),
  );

  expect(await box.candle(['get-reserved-port', 'api'])).toEqual(done(`${first}\n`));
  expect(await box.candle(['get-reserved-port', 'web'])).toEqual(failed("No reserved port found for service 'web'"));
  expect(await box.candle(['get-or-reserve-port', 'api'])).toEqual(done(`${first}\n`));
  expect(await box.candle(['get-or-reserve-port', 'web'])).toEqual(done(`${third}\n`));

  expect(await box.candle(['release-ports', 'api'])).toEqual(done(`Released port ${first} for service 'api'\n`));
  expect(await box.candle(['release-ports', 'api'])).toEqual(failed("No reserved port found for service 'api'"));
  expect(await box.candle(['release-ports', '--port', String(second)])).toEqual(done('Released 1 reserved port\n'));
  for (let times = 0; times < 2; times++) await box.candle(['reserve-port']);
  expect(await box.candle(['release-ports'])).toEqual(done('Released 3 reserved ports\n'));
  expect(await box.candle(['release-ports'])).toEqual(done('No reserved ports to release\n'));
});

test('the same commands print JSON with --json', async () => {
  const box = sandbox({ config });
  const { projectDir } = box;
  const [port, second] = await freePorts(2);
  const api = { port, serviceName: 'api', projectDir };
  expect(await box.candleJson(['reserve-port', 'api'])).toEqual(api);
  expect(await box.candleJson(['reserve-port'])).toEqual({ port: second, serviceName: null, projectDir });
  expect(await box.candleJson(['get-reserved-port', 'api'])).toEqual(api);
  expect(await box.candleJson(['get-or-reserve-port', 'api'])).toEqual({ ...api, wasReserved: false });
  expect(await box.candleJson(['get-or-reserve-port', 'web'])).toMatchObject({ serviceName: 'web', wasReserved: true });
  expect(await box.candleJson(['release-ports', 'api'])).toEqual({
    releasedCount: 1,
    releasedPort: port,
    serviceName: 'api',
    projectDir,
  });
  expect(await box.candleJson(['release-ports', '--port', String(second)])).toEqual({
    releasedCount: 1,
    releasedPort: second,
    serviceName: null,
    projectDir,
  });
  expect(await box.candleJson(['release-ports'])).toEqual({ releasedCount: 1, projectDir });
  expect(await box.candleJson(['release-ports'])).toEqual({ releasedCount: 0, projectDir });
  expect(await box.candleJson(['list-reserved-ports'])).toEqual({ ports: [] });
});

describe('list-reserved-ports', () => {
  test('lists the newest port first, with times in en-US format and the local time zone', async () => {
    const box = sandbox({ config });
    const { port: api } = await box.candleJson(['reserve-port', 'api']);
    const { port: own } = await box.candleJson(['reserve-port']);
    const store = await openStore(box);
    const setTime = store.prepare('UPDATE reservations SET reserved_at_ms = ? WHERE port = ?');
    setTime.run(Date.UTC(2026, 0, 23, 10, 30), api);
    setTime.run(Date.UTC(2026, 0, 23, 10, 32), own);
    const env = { TZ: 'UTC', LC_ALL: 'de_DE.UTF-8', LANG: 'de_DE.UTF-8' };
    const shown = (command: string[], more = {}) => box.candle(command, { env: { ...env, ...more } });
    const text = [
      'Reserved ports:',
      '',
      `  Port ${own} (project-level)`,
      `    Project: ${box.projectDir}`,
      '    Reserved at: 1/23/2026, 10:32:00 AM',
      '',
      `  Port ${api} (service: api)`,
      `    Project: ${box.projectDir}`,
      '    Reserved at: 1/23/2026, 10:30:00 AM',
      '',
    ].join('\n');
    expect(await shown(['list-reserved-ports'])).toEqual(done(text));
    expect(await shown(['list-reserved-ports-all'])).toEqual(done(text));
    expect((await shown(['list-reserved-ports'], { TZ: 'Asia/Tokyo' })).stdout).toContain('1/23/2026, 7:32:00 PM');
  });

  test('reports that a project, or a state directory, has no reserved ports', async () => {
    const box = sandbox({ config });
    expect(await box.candle(['list-reserved-ports'])).toEqual(done('No reserved ports found for current project\n'));
    expect(await box.candle(['list-reserved-ports', '--all'])).toEqual(done('No reserved ports found\n'));
    expect(await box.candle(['list-reserved-ports-all'])).toEqual(done('No reserved ports found\n'));
  });

  test('lists other projects only with --all', async () => {
    const box = sandbox({ config });
    const other = box.writeFile('other/.candle.json', '{}').replace('/.candle.json', '');
    const { port } = await box.candleJson(['reserve-port', 'api'], { cwd: other });
    expect((await box.candleJson(['list-reserved-ports'])).ports).toEqual([]);
    expect((await box.candleJson(['list-reserved-ports', '--all'])).ports).toMatchObject([{ port, projectDir: other }]);
  });
});

test('a port of another project is not released; the error reports the project and the command that releases it', async () => {
  const box = sandbox({ config });
  const other = box.writeFile("the other's/.candle.json", '{}').replace('/.candle.json', '');
  const { port } = await box.candleJson(['reserve-port', 'api'], { cwd: other });
  expect(await box.candle(['release-ports', '--port', String(port)])).toEqual(
    failed(`Port ${port} is reserved by another project: ${other}`),
  );
  const { stderr } = await box.candle(['release-ports', '--port', String(port)]);
  const hint = /candle (release-ports .*)/.exec(stderr)?.[1] ?? '';
  // The hint can be pasted into a shell.
  expect(hint).toBe(`release-ports --port ${port} --project '${other.replace("'", "'\\''")}'`);
  expect(await box.candle(['release-ports', '--port', String(port), '--project', other])).toMatchObject({
    exitCode: 0,
  });
  expect(await box.candle(['release-ports', '--port', String(port)])).toEqual(failed(`Port ${port} is not reserved`));
});

test('an invalid port number is rejected, and nothing is released', async () => {
  const box = sandbox({ config });
  await box.candle(['reserve-port', 'api']);
  for (const text of ['', '0', '65536', '4000x', '-4000', '4e3']) {
    expect(await box.candle(['release-ports', `--port=${text}`])).toEqual(failed(`'${text}' is not a port number`));
  }
  expect((await box.candleJson(['list-reserved-ports'])).ports).toHaveLength(1);
});

test('a service name together with --port is rejected, and nothing is released', async () => {
  const box = sandbox({ config });
  const { port } = await box.candleJson(['reserve-port', 'api']);
  expect((await box.candle(['release-ports', 'api', '--port', String(port)])).exitCode).toBe(1);
  expect((await box.candleJson(['list-reserved-ports'])).ports).toHaveLength(1);
});
