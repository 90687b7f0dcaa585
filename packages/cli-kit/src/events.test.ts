import { expect, test } from 'vitest';
import { apiVersion } from './api-version.ts';
import { type CandleEvent, defineHook, type HookInput } from './events.ts';

const reserved: CandleEvent = { kind: 'port-reserved', atMs: 1, projectDir: '/shop', serviceName: 'api', port: 4000 };

function inputOf(event: CandleEvent): HookInput {
  return { event, host: { apiVersion } as HookInput['host'] };
}

test('a hook is called with the event of its kind, and waited for', async () => {
  const heard: number[] = [];
  const hook = defineHook('port-reserved', async ({ event }) => {
    await Promise.resolve();
    heard.push(event.port);
  });
  await hook(inputOf(reserved));
  expect(heard).toEqual([4000]);
});

test('a hook that package.json names for another event says so', async () => {
  const hook = defineHook('service-stopped', () => undefined);
  await expect(hook(inputOf(reserved))).rejects.toThrow(
    'This hook is for service-stopped, and package.json names it for port-reserved',
  );
});

test('a hook that was made for another candle is not called', async () => {
  const hook = defineHook('port-reserved', () => expect.unreachable());
  const host = { apiVersion: apiVersion + 1, candleVersion: '1.0.0' } as HookInput['host'];
  await expect(hook({ event: reserved, host })).rejects.toMatchObject({ code: 'PLUGIN_API_MISMATCH' });
});
