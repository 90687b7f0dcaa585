import { type Sandbox, until } from '@candle/test-kit';
import { expect } from 'vitest';
import { isFree } from '../test/listeners.ts';

/** Turns off the frameworks' telemetry. */
export const quiet = {
  ASTRO_TELEMETRY_DISABLED: '1',
  DO_NOT_TRACK: '1',
  NEXT_TELEMETRY_DISABLED: '1',
  TURBO_TELEMETRY_DISABLED: '1',
};

/** Returns the entry of one service in `list --json`. */
// biome-ignore lint/suspicious/noExplicitAny: a test asserts on the form itself
export async function serviceOf(box: Sandbox, name: string): Promise<any> {
  return (await box.candleJson(['list', name])).services[0];
}

/** Returns the ports that a service listens on, in ascending order. */
export async function portsOf(box: Sandbox, name: string): Promise<number[]> {
  const { ports } = await box.candleJson(['list-ports', name]);
  return ports.map(({ port }: { port: number }) => port);
}

/** Returns the lines about the port that `candle start` printed to stderr: no progress, new commands, or `Next:` line. */
export function portMessages(stderr: string): string[] {
  const others = /^(Next: |Waiting for |First start of these commands| {2}web: )/;
  return stderr.split('\n').filter((line) => line !== '' && !others.test(line));
}

/** Waits until the service listens and answers over HTTP. Some frameworks build the first page only on request. */
export async function awaitAnswer(box: Sandbox, name: string): Promise<number[]> {
  const explain = async () => (await box.candle(['logs', name])).stdout;
  const ports = await until('the service listens', async () => nonEmpty(await portsOf(box, name)), { explain });
  await until('the service answers', () => answers(ports[0]), { explain });
  return ports;
}

export function nonEmpty(ports: number[]): number[] | undefined {
  return ports.length > 0 ? ports : undefined;
}

async function answers(port: number | undefined): Promise<boolean> {
  try {
    return (await fetch(`http://localhost:${port}/`)).status === 200;
  } catch {
    return false;
  }
}

/**
 * Kills a service, waits until all its processes have ended, and checks that its ports are free again. On exit, Next.js
 * starts a telemetry process in a separate session; Candle treats it as a detached helper, and it exits by itself.
 */
export async function end(box: Sandbox, name: string, ports: readonly number[]): Promise<void> {
  expect(await box.candle(['kill', name])).toMatchObject({ exitCode: 0 });
  const explain = () => JSON.stringify(box.processes());
  await until('all processes of the service have ended', () => box.processes().length === 0, { explain });
  for (const port of ports) expect(await isFree(port)).toBe(true);
}
