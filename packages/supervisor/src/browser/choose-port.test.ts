import { expect, test } from 'vitest';
import type { ServicePort } from '../services/list-ports.ts';
import { choosePort } from './open-browser.ts';

const at = (port: number, { isReserved = false, isOwn = false } = {}): ServicePort => ({
  ...{ serviceName: 'api', projectDir: '/p', port, addresses: ['::'], pid: 1, command: 'node' },
  ...{ isReserved, isOwn },
});
const own = { isReserved: true, isOwn: true };
const further = { isReserved: true };

test('chooses the reserved port, whatever other ports are open', () => {
  expect(choosePort([at(80), at(81, further), at(4000, own), at(5000)])).toMatchObject({ port: 4000, otherPorts: [] });
});

test('without a reserved port, chooses the lowest and returns the others', () => {
  expect(choosePort([at(9000), at(5000), at(7000)])).toMatchObject({ port: 5000, otherPorts: [7000, 9000] });
  expect(choosePort([at(5000)])).toEqual({ serviceName: 'api', port: 5000, otherPorts: [] });
});

test('chooses a further port only if nothing else is open', () => {
  expect(choosePort([at(4001, further), at(5000)])).toMatchObject({ port: 5000, otherPorts: [] });
  expect(choosePort([at(4002, further), at(4001, further)])).toMatchObject({ port: 4001, otherPorts: [4002] });
});
