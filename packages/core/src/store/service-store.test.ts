import fc from 'fast-check';
import { expect, test } from 'vitest';
import { temporaryCandle } from '../../test/temporary-candle.ts';

const key = { projectDir: '/shop', name: 'api' };
const owner = { pid: 99, startToken: '7' };

const step = fc.constantFrom('start', 'kill', 'unrecordedKill', 'record');

test('the newest request wins, whenever a kill that could not be recorded at once is recorded', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      const { services } = temporaryCandle().store;
      let newest = await services.request({ ...key, verb: 'start', owner });
      let expected: 'up' | 'down' = 'up';
      const unrecorded: number[] = [];
      const record = async () => {
        for (const generation of unrecorded.splice(0)) await services.killUnlessNewer(key, generation, owner);
        newest = (await services.find(key))?.request.generation ?? newest;
      };
      for (const kind of steps) {
        if (kind === 'record') await record();
        else if (kind === 'unrecordedKill') unrecorded.push(newest);
        else newest = await services.request({ ...key, verb: kind, owner });
        if (kind !== 'record') expected = kind === 'start' ? 'up' : 'down';
      }
      await record();
      expect((await services.find(key))?.desired).toBe(expected);
    }),
    { numRuns: 40 },
  );
});
