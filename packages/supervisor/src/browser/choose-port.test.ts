import { expect, test } from 'vitest';
import type { ServicePort } from '../services/list-ports.ts';
import { choosePort } from './open-browser.ts';

const at = (port: number, isReserved = false): ServicePort => ({
  ...{ serviceName: 'api', projectDir: '/p', port, addresses: ['::'], pid: 1, command: 'node', isReserved },
});

test('chooses the reserved port, whatever other ports are open', () => {
  expect(choosePort([at(80), at(4000, true), at(5000)])).toMatchObject({ port: 4000, otherPorts: [] });
});

test('without a reserved port, chooses the lowest and returns the others', () => {
  expect(choosePort([at(9000), at(5000), at(7000)])).toMatchObject({ port: 5000, otherPorts: [7000, 9000] });
  expect(choosePort([at(5000)])).toEqual({ serviceName: 'api', port: 5000, otherPorts: [] });
});
