import { expect, test } from 'vitest';
import { apiVersion } from './api-version.ts';
import type { CandleEvent } from './documents/events.ts';
import { defineHook, type HookInput } from './events.ts';

const reserved: CandleEvent = { kind: 'port-reserved', atMs: 1, projectDir: '/shop', serviceName: 'api', port: 4000 };

function inputOf(event: CandleEvent): HookInput {
  return { event, host: { apiVersion } as HookInput['host'] };
}

test('a hook is called with an event of its kind and awaited', async () => {
  const ports: number[] = [];
  const hook = defineHook('port-reserved', async ({ event }) => {
    await Promise.resolve();
    ports.push(event.port);
  });
  await hook(inputOf(reserved));
  expect(ports).toEqual([4000]);
});

test('a hook that package.json lists for another event reports that', async () => {
  const hook = defineHook('service-stopped', () => undefined);
  await expect(hook(inputOf(reserved))).rejects.toThrow(
    'This hook is for service-stopped, but package.json lists it for port-reserved',
  );
});

test('a hook for another API version is not called', async () => {
  const hook = defineHook('port-reserved', () => expect.unreachable());
  const host = { apiVersion: apiVersion + 1, candleVersion: '1.0.0' } as HookInput['host'];
  await expect(hook({ event: reserved, host })).rejects.toMatchObject({ code: 'PLUGIN_API_MISMATCH' });
});
