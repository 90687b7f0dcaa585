import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { freePorts } from '../listeners.ts';
import { sandbox } from '../sandbox.ts';

const config = { services: [] };

test('64 concurrent processes get the same ports as 64 successive calls, even without a state directory', async () => {
  const box = sandbox({ config });
  expect(existsSync(box.stateDir)).toBe(false);
  const expected = await freePorts(64);
  const answers = await Promise.all(
    Array.from({ length: 64 }, (_, index) => box.candle(['reserve-port', `service-${index}`])),
  );
  expect(answers.filter(({ exitCode }) => exitCode !== 0)).toEqual([]);
  expect(answers.filter(({ stderr }) => stderr !== '')).toEqual([]);
  const assigned = answers.map(({ stdout }) =>
    Number(/^Reserved port (\d+) for service 'service-\d+'\n$/.exec(stdout)?.[1]),
  );
  expect(assigned.toSorted((a, b) => a - b)).toEqual(expected);
  const { ports } = await box.candleJson(['list-reserved-ports']);
  expect(ports.map(({ port }: { port: number }) => port)).toEqual(expected.toReversed());
});

test('16 concurrent calls of get-or-reserve-port return the same port, reserved once', async () => {
  const box = sandbox({ config });
  const [port] = await freePorts(1);
  const answers = await Promise.all(
    Array.from({ length: 16 }, () => box.candle(['get-or-reserve-port', 'api', '--json'])),
  );
  expect(answers.filter(({ exitCode, stderr }) => exitCode !== 0 || stderr !== '')).toEqual([]);
  const documents = answers.map(({ stdout }) => JSON.parse(stdout));
  expect(documents.map((document) => document.port)).toEqual(Array(16).fill(port));
  expect(documents.filter((document) => document.wasReserved)).toHaveLength(1);
  expect((await box.candleJson(['list-reserved-ports'])).ports).toHaveLength(1);
});

test('of 16 concurrent calls of reserve-port for one service, one succeeds and 15 report its port', async () => {
  const box = sandbox({ config });
  const [port] = await freePorts(1);
  const answers = await Promise.all(Array.from({ length: 16 }, () => box.candle(['reserve-port', 'api'])));
  const winners = answers.filter(({ exitCode }) => exitCode === 0);
  expect(winners).toEqual([{ stdout: `Reserved port ${port} for service 'api'\n`, stderr: '', exitCode: 0 }]);
  const losers = answers.filter(({ exitCode }) => exitCode === 1);
  expect(losers.map(({ stdout, stderr }) => [stdout, stderr.split('\n', 1).join('')])).toEqual(
    Array(15).fill(['', `Error: Service 'api' already has a reserved port: ${port}`]),
  );
});

test('concurrent reservations and releases in several projects do not affect each other', async () => {
  const box = sandbox();
  const projects = ['a', 'b', 'c', 'd'].map((name) =>
    box.writeFile(`${name}/.candle.json`, '{}').replace(/\/[^/]+$/, ''),
  );
  await Promise.all(
    projects.map(async (cwd) => {
      for (const command of [
        ['reserve-port', 'api'],
        ['reserve-port', 'web'],
        ['release-ports', 'api'],
        ['reserve-port'],
      ]) {
        expect((await box.candle(command, { cwd })).exitCode).toBe(0);
      }
    }),
  );
  const ports: number[] = [];
  for (const cwd of projects) {
    const document = await box.candleJson(['list-reserved-ports'], { cwd });
    expect(document.ports).toMatchObject([{ serviceName: null }, { serviceName: 'web' }]);
    ports.push(...document.ports.map(({ port }: { port: number }) => port));
  }
  expect(new Set(ports).size).toBe(8);
});
