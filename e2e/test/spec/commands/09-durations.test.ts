import { expect, test } from 'vitest';
import { sandbox } from '../../sandbox.ts';
import { program } from '../../services/programs.ts';

test('Durations: a bare number is seconds; `500ms`, `5m`, `2h` work.', async () => {
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
  // The default would have been ten seconds, and 500 or 1 read otherwise would be minutes or nothing.
  const tookMs = performance.now() - startedMs;
  expect(tookMs).toBeGreaterThan(1000);
  expect(tookMs).toBeLessThan(9000);
});

test('What is no duration is refused, with the forms that work.', async () => {
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
