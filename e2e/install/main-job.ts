import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '@candle/test-kit';
import { expect } from 'vitest';
import type { GlobalInstall } from './global-install.ts';

export const program = readFileSync(join(import.meta.dirname, 'counts-and-serves.mjs'), 'utf8');

/** Reserves a port, starts a service, uses and lists it, and stops it, with an installed CLI. The project has `server.mjs`. */
export async function doMainJob({ candle }: GlobalInstall): Promise<void> {
  const port = await startService({ candle }, 'api');
  expect((await candle(['ps'])).stdout).toMatch(/^api +RUNNING +yes/m);
  expect((await candle(['list-reserved-ports'])).stdout).toContain(`Port ${port} (service: api)`);
  expect(countedLines((await candle(['logs', 'api'])).stdout).length).toBeGreaterThan(0);
  expect(await candle(['kill'])).toMatchObject({ exitCode: 0, stdout: "[Stopped process 'api']\n" });
  await expect(fetch(`http://127.0.0.1:${port}`)).rejects.toThrow();
}

/** Adds a service, reserves a port, starts the service, sends a request to it, and returns the port. */
export async function startService({ candle }: Pick<GlobalInstall, 'candle'>, name: string): Promise<number> {
  const added = await candle(['add-service', name, '--shell', 'node server.mjs']);
  expect(added, added.stderr).toMatchObject({ exitCode: 0 });
  const reserved = await candle(['reserve-port', name]);
  const port = Number(/^Reserved port (\d+) for service/.exec(reserved.stdout)?.[1]);
  const started = await candle(['start', name, '--wait']);
  expect(started, started.stdout + started.stderr).toMatchObject({ exitCode: 0 });
  expect(await until('the service answers', () => answerOf(port))).toBe(`hello from ${port}`);
  return port;
}

export async function answerOf(port: number): Promise<string | undefined> {
  try {
    return await (await fetch(`http://127.0.0.1:${port}`)).text();
  } catch {
    return undefined;
  }
}

/** Returns the numbers that the program has printed. */
export function countedLines(output: string): number[] {
  return output.split('\n').flatMap((line) => (/^line \d+$/.test(line) ? [Number(line.slice(5))] : []));
}
