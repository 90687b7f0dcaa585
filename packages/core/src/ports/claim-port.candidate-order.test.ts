import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { numbersOf } from '../../test/port-numbers.ts';
import { candidateOrder, candidatesAfter } from './claim-port.ts';
import { browserBlockedPorts, firstPort, lastPort, portRangeSize } from './port-range.ts';

const linuxEphemeral = { first: 32768, last: 60999 };

const anyCursor = fc.integer({ min: firstPort, max: lastPort });
const anyEphemeral = fc
  .tuple(fc.integer({ min: 1, max: lastPort }), fc.integer({ min: 1, max: lastPort }))
  .map(([a, b]) => ({ first: Math.min(a, b), last: Math.max(a, b) }));

describe('for any cursor and any ephemeral range', () => {
  test('the order contains every assignable port exactly once', () => {
    fc.assert(
      fc.property(anyCursor, anyEphemeral, (cursor, ephemeral) => {
        const numbers = numbersOf(candidateOrder(cursor, ephemeral));
        return (
          numbers.length === portRangeSize &&
          new Set(numbers).size === portRangeSize &&
          numbers.every((port) => port >= firstPort && port <= lastPort)
        );
      }),
      { numRuns: 40 },
    );
  });

  test('ports that browsers block and ephemeral ports come after all others', () => {
    fc.assert(
      fc.property(anyCursor, anyEphemeral, (cursor, ephemeral) => {
        const blocked = new Set(browserBlockedPorts);
        const isAvoided = numbersOf(candidateOrder(cursor, ephemeral)).map(
          (port) => blocked.has(port) || (port >= ephemeral.first && port <= ephemeral.last),
        );
        const firstAvoided = isAvoided.indexOf(true);
        return firstAvoided !== -1 && isAvoided.slice(firstAvoided).every(Boolean);
      }),
      { numRuns: 40 },
    );
  });

  test('each of the two passes starts at the cursor, goes upwards and wraps once', () => {
    fc.assert(
      fc.property(anyCursor, anyEphemeral, (cursor, ephemeral) => {
        const distances = numbersOf(candidateOrder(cursor, ephemeral)).map(
          (port) => (port - cursor + portRangeSize) % portRangeSize,
        );
        // The distance from the cursor decreases only where the second pass begins.
        return distances.filter((distance, index) => distance < (distances[index - 1] ?? -1)).length <= 1;
      }),
      { numRuns: 40 },
    );
  });

  test('the candidates after a port are the rest of the order', () => {
    fc.assert(
      fc.property(anyCursor, anyEphemeral, anyCursor, (cursor, ephemeral, port) => {
        const candidates = candidateOrder(cursor, ephemeral);
        const numbers = numbersOf(candidates);
        expect(numbersOf(candidatesAfter(candidates, port))).toEqual(numbers.slice(numbers.indexOf(port) + 1));
      }),
      { numRuns: 20 },
    );
  });
});

test('4046 follows 4044, because browsers refuse to open 4045', () => {
  const numbers = numbersOf(candidateOrder(4044, linuxEphemeral));
  expect(numbers.slice(0, 3)).toEqual([4044, 4046, 4047]);
});

test('4000 follows 65535', () => {
  expect(numbersOf(candidateOrder(65534, linuxEphemeral)).slice(0, 4)).toEqual([65534, 65535, 4000, 4001]);
});

test('the first pass skips the ephemeral range, and the second starts with it', () => {
  const numbers = numbersOf(candidateOrder(32766, linuxEphemeral));
  expect(numbers.slice(0, 4)).toEqual([32766, 32767, 61000, 61001]);
  const preferred = portRangeSize - browserBlockedPorts.length - (60999 - 32768 + 1);
  expect(numbers.slice(preferred, preferred + 2)).toEqual([32768, 32769]);
  expect(numbers.at(-1)).toBe(10080);
});

test('there are no candidates after a port that is not in the order', () => {
  expect(candidatesAfter([{ first: 4000, last: 4010 }], 5000)).toEqual([]);
  expect(candidatesAfter([], 4000)).toEqual([]);
});

test.each(browserBlockedPorts)('Node refuses to fetch from port %i, as browsers do', async (port) => {
  await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toMatchObject({ cause: { message: 'bad port' } });
});
