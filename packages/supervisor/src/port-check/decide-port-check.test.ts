import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decidePortCheck, type PortFacts, servesPort } from './decide-port-check.ts';

const uid = 1000;
const nobody: PortFacts = { port: 4000, uid, own: [], strangers: [], isForwarded: false };
const neighbour = { port: 4000, pid: 12, command: 'node', uid };
const dockerProxy = { port: 4000, uid: 0 };

test.each<[string, Partial<PortFacts>, object]>([
  ['its port', { own: [4000] }, { status: 'ok', listensOn: [4000] }],
  ['its port, a debugger and a socket for reloads', { own: [9229, 24_678, 4000] }, { status: 'ok' }],
  ['its port and any other', { own: [4000, 9090] }, { status: 'ok', listensOn: [4000] }],
  ['another port', { own: [5173, 5173] }, { status: 'wrong-port', listensOn: [5173] }],
  ['others, and a debugger', { own: [9229, 5174, 5173] }, { status: 'wrong-port', listensOn: [5173, 5174] }],
  ['nothing', {}, { status: 'not-listening', listensOn: [] }],
  ['nothing but a debugger', { own: [9229] }, { status: 'not-listening', listensOn: [9229] }],
  ['a debugger that is its port', { port: 9229, own: [9229] }, { status: 'ok', listensOn: [9229] }],
  ['nothing, and a neighbour on its port', { strangers: [neighbour] }, { status: 'conflict', owner: neighbour }],
  [
    'the next port, and a neighbour on its own',
    { own: [4001], strangers: [neighbour] },
    { status: 'conflict', listensOn: [4001], owner: neighbour },
  ],
  [
    'its port, beside a neighbour',
    { own: [4000], strangers: [neighbour] },
    { status: 'conflict', listensOn: [4000], owner: neighbour },
  ],
  [
    'nothing, and another user on its port, as the proxy of a container is',
    { strangers: [dockerProxy] },
    { status: 'ok', listensOn: [4000] },
  ],
  [
    'nothing, and a proxy of this user on its port',
    { strangers: [{ ...neighbour, command: 'rootlessport' }] },
    { status: 'ok' },
  ],
  ['another port, and another user on its own', { own: [5173], strangers: [dockerProxy] }, { status: 'conflict' }],
  ['its port, beside another user', { own: [4000], strangers: [dockerProxy] }, { status: 'conflict' }],
  [
    'its port, and a socket of this user that nobody can see into',
    { own: [4000], strangers: [{ port: 4000, uid }] },
    { status: 'ok' },
  ],
  ['nothing, and the kernel forwards its port', { isForwarded: true }, { status: 'ok', listensOn: [4000] }],
  ['another port, and its own accepts', { own: [5173], isForwarded: true }, { status: 'wrong-port' }],
])('a run that listens on %s', (_, facts, expected) => {
  expect(decidePortCheck({ ...nobody, ...facts })).toMatchObject(expected);
});

const port = fc.constantFrom(4000, 4001, 5173, 9229, 24_678);
const owner = fc.record(
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
  strangers: fc.array(owner, { maxLength: 3 }),
  isForwarded: fc.boolean(),
});

test('the status, what it listens on and who holds its port never contradict each other, nor what was seen', () => {
  fc.assert(
    fc.property(facts, (seen) => {
      const portCheck = decidePortCheck(seen);
      const { status, listensOn } = portCheck;
      expect(portCheck.owner !== null).toBe(status === 'conflict');
      if (status === 'ok') expect(servesPort(portCheck)).toBe(true);
      if (status === 'wrong-port' || status === 'not-listening') expect(servesPort(portCheck)).toBe(false);
      if (status === 'wrong-port') expect(listensOn.length).toBeGreaterThan(0);
      if (seen.own.includes(4000)) expect(servesPort(portCheck)).toBe(true);
      for (const told of listensOn) if (told !== 4000) expect(seen.own).toContain(told);
      if (portCheck.owner) expect(seen.strangers).toContain(portCheck.owner);
    }),
  );
});

test('one that is alone on its port has honoured it, whatever else it listens on and in whatever order', () => {
  fc.assert(
    fc.property(fc.array(port), fc.array(port), (before, after) => {
      expect(decidePortCheck({ ...nobody, own: [...before, 4000, ...after] })).toEqual(
        decidePortCheck({ ...nobody, own: [4000] }),
      );
    }),
  );
});

test('a process that is seen to hold the port, and is no proxy, is always told', () => {
  fc.assert(
    fc.property(facts, (seen) => {
      expect(decidePortCheck({ ...seen, strangers: [...seen.strangers, neighbour] }).status).toBe('conflict');
    }),
  );
});
