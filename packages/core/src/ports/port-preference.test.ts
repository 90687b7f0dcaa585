import { expect, test } from 'vitest';
import { type PortPurpose, purposeOfPort, type ServicePorts } from './port-preference.ts';

const auto = { kind: 'auto' } as const;
const services: readonly ServicePorts[] = [
  { name: 'web', port: auto, ports: [{ variable: 'HMR_PORT', port: auto }] },
  { name: 'my.app', ports: [] },
];
const config = { services, ports: [{ name: 'db', port: auto, portEnv: [] }] };

test.each<[string | null, PortPurpose]>([
  [null, 'project'],
  ['web', 'service'],
  ['my.app', 'service'],
  ['started-with-shell', 'service'],
  ['web.HMR_PORT', 'further-port'],
  ['web.REMOVED_PORT', 'further-port'],
  ['db', 'program'],
])('the reservation %j is for a %s', (name, purpose) => {
  expect(purposeOfPort(config, name)).toBe(purpose);
});

test('without a configuration, each name is that of a service', () => {
  expect(purposeOfPort(undefined, 'web.HMR_PORT')).toBe('service');
});
