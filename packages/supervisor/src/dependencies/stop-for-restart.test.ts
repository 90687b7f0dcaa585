import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inOrder } from './stop-for-restart.ts';

/** Subjects are numbers. Each waits only for greater ones, so there are no cycles. */
const graph = fc
  .integer({ min: 1, max: 10 })
  .chain((size) =>
    fc.tuple(...Array.from({ length: size }, (_, at) => fc.subarray([...Array(size).keys()].slice(at + 1)))),
  );

test('work on a subject begins after all work before it has ended, successfully or not, and runs once', async () => {
  await fc.assert(
    fc.asyncProperty(graph, fc.scheduler(), fc.infiniteStream(fc.boolean()), async (rows, scheduler, failures) => {
      const started: number[] = [];
      const ended = new Set<number>();
      const end = inOrder<number, void>(
        (subject) => rows[subject] ?? [],
        async (subject) => {
          started.push(subject);
          for (const other of rows[subject] ?? []) expect(ended).toContain(other);
          await scheduler.schedule(Promise.resolve());
          ended.add(subject);
          if (failures.next().value) throw new Error(`${subject} fails`);
        },
      );
      const all = Promise.allSettled([...rows.keys()].map((subject) => end(subject)));
      await scheduler.waitFor(all);
      expect(started.toSorted((a, b) => a - b)).toEqual([...rows.keys()]);
      expect(
        (await all).every(({ status, ...rest }) => status === 'fulfilled' || /fails/.test(String(Object.values(rest)))),
      ).toBe(true);
    }),
  );
});

test('subjects that wait for nothing run at the same time', async () => {
  const release = Promise.withResolvers<void>();
  const started: string[] = [];
  const end = inOrder<string, void>(
    () => [],
    async (subject) => {
      started.push(subject);
      await release.promise;
    },
  );
  const all = Promise.all(['a', 'b', 'c'].map(end));
  await Promise.resolve();
  await Promise.resolve();
  expect(started).toEqual(['a', 'b', 'c']);
  release.resolve();
  await all;
});
