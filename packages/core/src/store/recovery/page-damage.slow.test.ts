import { readFileSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  asReserved,
  copyStore,
  manyReserved,
  overwritePage,
  pageCountOf,
  pageSize,
  reopen,
  storeWith,
} from '../../../test/damaged-store.ts';

const content = fc.oneof(
  fc.constant(Buffer.alloc(pageSize)),
  fc.uint8Array({ minLength: pageSize, maxLength: pageSize }).map((bytes) => Buffer.from(bytes)),
  // Another page of the same file, as if a block was written to the wrong place.
  fc.nat(),
);
const pageDamage = fc.record({ page: fc.nat(), content });

test('after any page damage, every copied reservation is restored, and none is invented', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 500 }),
      fc.array(pageDamage, { minLength: 1, maxLength: 6 }),
      fc.option(fc.nat({ max: 99 })),
      async (count, damages, keptPercent) => {
        const reserved = manyReserved(count);
        const stateDir = storeWith(reserved);
        await copyStore(stateDir);
        const path = join(stateDir, 'state.db');
        const pages = pageCountOf(path);
        for (const { page, content } of damages) {
          const other = ((Number(content) || 0) % pages) * pageSize;
          const bytes = typeof content === 'number' ? readFileSync(path).subarray(other, other + pageSize) : content;
          overwritePage(path, 1 + (page % pages), bytes);
        }
        if (keptPercent !== null) truncateSync(path, Math.floor((pages * pageSize * keptPercent) / 100));

        const { store, reservations } = reopen(stateDir);
        // The check before a copy finds the damage that the first queries do not find.
        store.copySoon();
        await store.finishCopy();
        const restored = await reservations();
        store.close();
        rmSync(stateDir, { recursive: true });

        expect(restored.map(asReserved)).toEqual(reserved);
      },
    ),
    { numRuns: 60 },
  );
}, 120_000);
