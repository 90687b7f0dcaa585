import { expect, test } from 'vitest';
import { portVariables } from './port-variables.ts';

const reserved = (serviceName: string | null, port: number, reservedAtMs = 0) => ({
  port,
  projectDir: '/home/ada/shop',
  serviceName,
  reservedAtMs,
});

test('each reserved port of a service has a port and a URL variable; project-level ports have none', () => {
  const variables = portVariables([reserved('api', 4000), reserved(null, 4001), reserved('日本', 4002)], ['api']);
  expect(variables).toEqual([
    { name: 'API_PORT', value: '4000', serviceName: 'api' },
    { name: 'API_URL', value: 'http://localhost:4000', serviceName: 'api' },
  ]);
});

test('if two names have the same variables, the configured one wins, or else the older reservation', () => {
  const both = [reserved('web_ui', 4000, 1), reserved('web-ui', 4001, 2)];
  const owners = (...given: Parameters<typeof portVariables>) =>
    portVariables(...given).map(({ name, serviceName }) => [name, serviceName]);
  const of = (owner: string) => [
    ['WEB_UI_PORT', owner],
    ['WEB_UI_URL', owner],
  ];
  expect(owners(both, ['web-ui'])).toEqual(of('web-ui'));
  expect(owners(both, [])).toEqual(of('web_ui'));
  expect(owners(both.toReversed(), [])).toEqual(of('web_ui'));
});
