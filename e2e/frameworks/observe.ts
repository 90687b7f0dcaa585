import { type Sandbox, until } from '@candle/test-kit';
import { expect } from 'vitest';
import { isFree } from '../test/listeners.ts';

/** They would send something to their makers. */
export const quiet = {
  ASTRO_TELEMETRY_DISABLED: '1',
  DO_NOT_TRACK: '1',
  NEXT_TELEMETRY_DISABLED: '1',
  TURBO_TELEMETRY_DISABLED: '1',
};

/** What `list --json` says of one service. */
// biome-ignore lint/suspicious/noExplicitAny: a test asserts on the form itself
export async function serviceOf(box: Sandbox, name: string): Promise<any> {
  return (await box.candleJson(['list', name])).services[0];
}

/** Sorted by number. */
export async function portsOf(box: Sandbox, name: string): Promise<number[]> {
  const { ports } = await box.candleJson(['list-ports', name]);
  return ports.map(({ port }: { port: number }) => port);
}

/** The lines that `candle start` prints on stderr, but the one that leads on. */
export function toldOfPort(stderr: string): string[] {
  return stderr.split('\n').filter((line) => line !== '' && !line.startsWith('Next: '));
}

/** Waits until it listens, and answers by HTTP there; the first page of some is built only when it is asked for. */
export async function awaitAnswer(box: Sandbox, name: string): Promise<number[]> {
  const explain = async () => (await box.candle(['logs', name])).stdout;
  const ports = await until('it listens', async () => nonEmpty(await portsOf(box, name)), { explain });
  await until('it answers', () => answers(ports[0]), { explain });
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
 * Ends a service, with all that it has started; its ports are free again. What Next.js starts at its end in a session of
 * its own, to tell its makers of it, is a bystander and ends by itself.
 */
export async function end(box: Sandbox, name: string, ports: readonly number[]): Promise<void> {
  expect(await box.candle(['kill', name])).toMatchObject({ exitCode: 0 });
  const explain = () => JSON.stringify(box.processes());
  await until('nothing of it is left', () => box.processes().length === 0, { explain });
  for (const port of ports) expect(await isFree(port)).toBe(true);
}
