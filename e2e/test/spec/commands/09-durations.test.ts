import { expect, test } from 'vitest';
import { sandbox } from '../../sandbox.ts';
import { program } from '../../services/programs.ts';
import { openStore } from '../../store.ts';

test('a duration is a number of seconds, or has a unit, as in `500ms`, `5m` or `2h`', async () => {
  const stubborn = program('ignores-sigterm.sh');
  const box = sandbox({
    config: {
      services: [
        { name: 'half', shell: stubborn, stopTimeout: '500ms' },
        { name: 'one', shell: stubborn, stopTimeout: 1 },
        { name: 'minutes', shell: 'exec sleep 1000', stopTimeout: '5m' },
        { name: 'hours', shell: 'exec sleep 1000', stopTimeout: '2h' },
        { name: 'three', shell: stubborn, stopTimeout: '3s' },
      ],
    },
  });
  expect(await box.candle(['start'])).toMatchObject({ exitCode: 0 });
  const { services } = await box.candleJson(['kill']);
  expect(services.map(({ name, forced }: { name: string; forced: boolean }) => [name, forced])).toEqual(
    expect.arrayContaining([
      ['half', true],
      ['one', true],
      ['minutes', false],
      ['hours', false],
      ['three', true],
    ]),
  );
  // With the default of ten seconds, or in other units, the first two would end after the last.
  const store = await openStore(box);
  const ended = store.prepare(
    "SELECT service_name AS name FROM runs WHERE service_name IN ('half', 'one', 'three') ORDER BY ended_at_ms",
  );
  expect(ended.all().map(({ name }) => name)).toEqual(['half', 'one', 'three']);
});

test('an invalid duration is rejected, and the error shows valid ones', async () => {
  const box = sandbox({
    config: {
      services: ['soon', '', '-1', '5 minutes', '1d', -1, null].map((stopTimeout, index) => ({
        name: `service-${index}`,
        shell: 'true',
        stopTimeout,
      })),
    },
  });
  const { stderr, exitCode } = await box.candle(['start']);
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^Error: .*\(7 problems\)/);
  expect(stderr.match(/must be a duration .* a number of seconds, or '500ms', '10s', '5m', '2h'/g)).toHaveLength(7);
});
