import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  decidePortCheck,
  decideUnreserved,
  findReachablePort,
  type PortObservation,
  servesPort,
} from './port-check.ts';

const uid = 1000;
const nothingSeen: PortObservation = { port: 4000, uid, own: [], strangers: [], isForwarded: false };
const neighbour = { port: 4000, pid: 12, command: 'node', uid };
const dockerProxy = { port: 4000, uid: 0 };

test.each<[string, Partial<PortObservation>, object]>([
  ['its port', { own: [4000] }, { status: 'ok', listensOn: [4000] }],
  ['its port, a debugger and a socket for reloads', { own: [9229, 24_678, 4000] }, { status: 'ok' }],
  ['its port and any other port', { own: [4000, 9090] }, { status: 'ok', listensOn: [4000] }],
  ['another port', { own: [5173, 5173] }, { status: 'wrong-port', listensOn: [5173] }],
  ['other ports, and a debugger', { own: [9229, 5174, 5173] }, { status: 'wrong-port', listensOn: [5173, 5174] }],
  ['nothing', {}, { status: 'not-listening', listensOn: [] }],
  ['only a debugger', { own: [9229] }, { status: 'not-listening', listensOn: [9229] }],
  ['a debugger that is its port', { port: 9229, own: [9229] }, { status: 'ok', listensOn: [9229] }],
  ['nothing, with a neighbour on its port', { strangers: [neighbour] }, { status: 'conflict', owner: neighbour }],
  [
    'the next port, with a neighbour on its own port',
    { own: [4001], strangers: [neighbour] },
    { status: 'conflict', listensOn: [4001], owner: neighbour },
  ],
  [
    'its port, next to a neighbour',
    { own: [4000], strangers: [neighbour] },
    { status: 'conflict', listensOn: [4000], owner: neighbour },
  ],
  [
    'nothing, with another user on its port, like the proxy of a container',
    { strangers: [dockerProxy] },
    { status: 'ok', listensOn: [4000] },
  ],
  [
    'nothing, with a proxy of this user on its port',
    { strangers: [{ ...neighbour, command: 'rootlessport' }] },
    { status: 'ok' },
  ],
  [
    'another port, with another user on its own port',
    { own: [5173], strangers: [dockerProxy] },
    { status: 'conflict' },
  ],
  ['its port, next to another user', { own: [4000], strangers: [dockerProxy] }, { status: 'conflict' }],
  [
    'its port, with a socket of this user whose process is unknown',
    { own: [4000], strangers: [{ port: 4000, uid }] },
    { status: 'ok' },
  ],
  ['nothing, with its port forwarded by the kernel', { isForwarded: true }, { status: 'ok', listensOn: [4000] }],
  ['another port, while its own accepts connections', { own: [5173], isForwarded: true }, { status: 'wrong-port' }],
])('a run that listens on %s', (_, facts, expected) => {
  expect(decidePortCheck({ ...nothingSeen, ...facts })).toMatchObject(expected);
});

test.each([
  ['nothing', [], undefined],
  ['a debugger and a socket for reloads', [9229, 24_678], undefined],
  ['a server on two addresses, and a debugger', [5173, 9229, 5173], [5173]],
  ['two servers', [9090, 5173], [5173, 9090]],
])('a run without a reserved port that listens on %s', (_, own, listensOn) => {
  const expected = listensOn && { port: null, status: 'unreserved', listensOn, owner: null };
  expect(decideUnreserved(own)).toEqual(expected);
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
const facts = fc.record<PortObservation>({
  port: fc.constant(4000),
  uid: fc.constant(uid),
  own: fc.array(port, { maxLength: 4 }),
  strangers: fc.array(owner, { maxLength: 3 }),
  isForwarded: fc.boolean(),
});

test.each<[string, number | undefined, Parameters<typeof findReachablePort>[0]]>([
  ['its reserved port', 4000, { port: 4000, listensOn: [4000] }],
  ['its reserved port while it does not listen', 4000, { port: 4000, listensOn: [] }],
  ['its reserved port while only a debugger listens', 4000, { port: 4000, listensOn: [9229] }],
  ['the lowest of the other ports', 5173, { port: 4000, listensOn: [5173, 5174] }],
  ['a port that is not reserved', 5173, { port: null, listensOn: [5173] }],
])('a run is reached at %s', (_, expected, portCheck) => {
  expect(findReachablePort(portCheck)).toBe(expected);
});

test('the status, listensOn and the owner never contradict each other or the observation', () => {
  fc.assert(
    fc.property(facts, (seen) => {
      const portCheck = decidePortCheck(seen);
      const { status, listensOn } = portCheck;
      expect(portCheck.owner !== null).toBe(status === 'conflict');
      if (status === 'ok') expect(servesPort(portCheck)).toBe(true);
      if (status === 'wrong-port' || status === 'not-listening') expect(servesPort(portCheck)).toBe(false);
      if (status === 'wrong-port') expect(listensOn.length).toBeGreaterThan(0);
      if (seen.own.includes(4000)) expect(servesPort(portCheck)).toBe(true);
      for (const reported of listensOn) if (reported !== 4000) expect(seen.own).toContain(reported);
      if (portCheck.owner) expect(seen.strangers).toContain(portCheck.owner);
    }),
  );
});

test('a run that is alone on its port is ok, whatever else it listens on and in any order', () => {
  fc.assert(
    fc.property(fc.array(port), fc.array(port), (before, after) => {
      expect(decidePortCheck({ ...nothingSeen, own: [...before, 4000, ...after] })).toEqual(
        decidePortCheck({ ...nothingSeen, own: [4000] }),
      );
    }),
  );
});

test('a visible process on the port that is not a proxy is always a conflict', () => {
  fc.assert(
    fc.property(facts, (seen) => {
      expect(decidePortCheck({ ...seen, strangers: [...seen.strangers, neighbour] }).status).toBe('conflict');
    }),
  );
});
