import fc from 'fast-check';
import { expect, test } from 'vitest';
import { judgeContract, type PortFacts, servesPort } from './judge-contract.ts';

const uid = 1000;
const nobody: PortFacts = { port: 4000, uid, own: [], strangers: [], isForwarded: false };
const neighbour = { port: 4000, pid: 12, command: 'node', uid };
const dockerProxy = { port: 4000, uid: 0 };

test.each<[string, Partial<PortFacts>, object]>([
  ['its port', { own: [4000] }, { state: 'honoured', listensOn: [4000] }],
  ['its port, a debugger and a socket for reloads', { own: [9229, 24_678, 4000] }, { state: 'honoured' }],
  ['its port and any other', { own: [4000, 9090] }, { state: 'honoured', listensOn: [4000] }],
  ['another port', { own: [5173, 5173] }, { state: 'elsewhere', listensOn: [5173] }],
  ['others, and a debugger', { own: [9229, 5174, 5173] }, { state: 'elsewhere', listensOn: [5173, 5174] }],
  ['nothing', {}, { state: 'silent', listensOn: [] }],
  ['nothing but a debugger', { own: [9229] }, { state: 'silent', listensOn: [9229] }],
  ['a debugger that is its port', { port: 9229, own: [9229] }, { state: 'honoured', listensOn: [9229] }],
  ['nothing, and a neighbour on its port', { strangers: [neighbour] }, { state: 'held', holder: neighbour }],
  [
    'the next port, and a neighbour on its own',
    { own: [4001], strangers: [neighbour] },
    { state: 'held', listensOn: [4001], holder: neighbour },
  ],
  [
    'its port, beside a neighbour',
    { own: [4000], strangers: [neighbour] },
    { state: 'held', listensOn: [4000], holder: neighbour },
  ],
  [
    'nothing, and another user on its port, as the proxy of a container is',
    { strangers: [dockerProxy] },
    { state: 'honoured', listensOn: [4000] },
  ],
  [
    'nothing, and a proxy of this user on its port',
    { strangers: [{ ...neighbour, command: 'rootlessport' }] },
    { state: 'honoured' },
  ],
  ['another port, and another user on its own', { own: [5173], strangers: [dockerProxy] }, { state: 'held' }],
  ['its port, beside another user', { own: [4000], strangers: [dockerProxy] }, { state: 'held' }],
  [
    'its port, and a socket of this user that nobody can see into',
    { own: [4000], strangers: [{ port: 4000, uid }] },
    { state: 'honoured' },
  ],
  ['nothing, and the kernel forwards its port', { isForwarded: true }, { state: 'honoured', listensOn: [4000] }],
  ['another port, and its own accepts', { own: [5173], isForwarded: true }, { state: 'elsewhere' }],
])('a run that listens on %s', (_, facts, expected) => {
  expect(judgeContract({ ...nobody, ...facts })).toMatchObject(expected);
});

const port = fc.constantFrom(4000, 4001, 5173, 9229, 24_678);
const holder = fc.record(
  {
    port: fc.constant(4000),
    pid: fc.integer({ min: 1, max: 5 }),
    command: fc.constantFrom('node', 'docker-proxy'),
    uid: fc.constantFrom(0, uid, 33),
  },
  { requiredKeys: ['port'] },
);
const facts = fc.record<PortFacts>({
  port: fc.constant(4000),
  uid: fc.constant(uid),
  own: fc.array(port, { maxLength: 4 }),
  strangers: fc.array(holder, { maxLength: 3 }),
  isForwarded: fc.boolean(),
});

test('the state, what it listens on and who holds its port never contradict each other, nor what was seen', () => {
  fc.assert(
    fc.property(facts, (seen) => {
      const contract = judgeContract(seen);
      const { state, listensOn } = contract;
      expect(contract.holder !== null).toBe(state === 'held');
      if (state === 'honoured') expect(servesPort(contract)).toBe(true);
      if (state === 'elsewhere' || state === 'silent') expect(servesPort(contract)).toBe(false);
      if (state === 'elsewhere') expect(listensOn.length).toBeGreaterThan(0);
      if (seen.own.includes(4000)) expect(servesPort(contract)).toBe(true);
      for (const told of listensOn) if (told !== 4000) expect(seen.own).toContain(told);
      if (contract.holder) expect(seen.strangers).toContain(contract.holder);
    }),
  );
});

test('one that is alone on its port has honoured it, whatever else it listens on and in whatever order', () => {
  fc.assert(
    fc.property(fc.array(port), fc.array(port), (before, after) => {
      expect(judgeContract({ ...nobody, own: [...before, 4000, ...after] })).toEqual(
        judgeContract({ ...nobody, own: [4000] }),
      );
    }),
  );
});

test('a process that is seen to hold the port, and is no proxy, is always told', () => {
  fc.assert(
    fc.property(facts, (seen) => {
      expect(judgeContract({ ...seen, strangers: [...seen.strangers, neighbour] }).state).toBe('held');
    }),
  );
});
