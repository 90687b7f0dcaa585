import { expect, test } from 'vitest';
import { sandbox } from '../../sandbox.ts';
import { program } from '../../services/programs.ts';

test('a duration is a number of seconds, or has a unit, as in `500ms`, `5m` or `2h`', async () => {
  const stubborn = program('ignores-sigterm.sh');
  const box = sandbox({
    config: {
      services: [
        { name: 'half', shell: stubborn, stopTimeout: '500ms' },
        { name: 'one', shell: stubborn, stopTimeout: 1 },
        { name: 'minutes', shell: 'exec sleep 1000', stopTimeout: '5m' },
        { name: 'hours', shell: 'exec sleep 1000', stopTimeout: '2h' },
      ],
    },
  });
  expect(await box.candle(['start'])).toMatchObject({ exitCode: 0 });
  const startedMs = performance.now();
  const { services } = await box.candleJson(['kill']);
  expect(services.map(({ name, forced }: { name: string; forced: boolean }) => [name, forced])).toEqual(
    expect.arrayContaining([
      ['half', true],
      ['one', true],
      ['minutes', false],
      ['hours', false],
    ]),
  );
  // The default is ten seconds; in other units, 500 and 1 would be minutes or almost no time.
  const tookMs = performance.now() - startedMs;
  expect(tookMs).toBeGreaterThan(1000);
  expect(tookMs).toBeLessThan(9000);
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
