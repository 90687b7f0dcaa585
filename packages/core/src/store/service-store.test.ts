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

test('no request of a process is recorded whose run has been killed, or that such a run has asked for', async () => {
  const services = ['api', 'web', 'db'].map((name) => ({ projectDir: '/shop', name }));
  const index = fc.nat(services.length - 1);
  /** A kill of all services or of one, or a start by a process that belongs to the newest runs of some services. */
  const event = fc.oneof(
    fc.record({ kill: fc.constantFrom(services, ...services.map((one) => [one])) }),
    fc.record({ start: index, askedBy: fc.uniqueArray(index) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 12 }), async (events) => {
      const { store } = temporaryCandle();
      const isAlive = () => true;
      const runs = new Map<
        number,
        { projectDir: string; serviceName: string; generation: number; isKilled: boolean }
      >();
      for (const one of events) {
        if ('kill' in one) {
          const before = await Promise.all(one.kill.map((service) => store.services.find(service)));
          const killed = await store.services.requestKills(one.kill, owner, isAlive);
          for (const [at, service] of one.kill.entries()) {
            // A service without a record is unknown, and one whose newest request is a kill is not running.
            const wasStarted = before[at]?.request.verb === 'start';
            expect(killed[at]?.generation !== undefined).toBe(wasStarted);
            const run = runs.get(services.indexOf(service));
            if (run && wasStarted) runs.set(services.indexOf(service), { ...run, isKilled: true });
          }
          continue;
        }
        const asking = one.askedBy.flatMap((at) => runs.get(at) ?? []);
        const service = services[one.start] ?? key;
        const requested = await store.services.requestFrom(asking, { ...service, verb: 'start', owner });
        const isRefused = asking.some(({ isKilled }) => isKilled);
        expect('killed' in requested).toBe(isRefused);
        if (!('generation' in requested)) continue;
        const { projectDir, name: serviceName } = service;
        runs.set(one.start, { projectDir, serviceName, generation: requested.generation, isKilled: false });
      }
    }),
    { numRuns: 60 },
  );
});
