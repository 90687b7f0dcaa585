import { once } from 'node:events';
import { createServer, type ListenOptions, type Server } from 'node:net';
import { onTestFinished } from 'vitest';

/** Ports from 4000 to 4999 that browsers refuse to open. */
const blocked = [4045, 4190];

/** Listens until the test finishes. */
export async function listen(options: ListenOptions): Promise<Server> {
  const server = createServer();
  onTestFinished(() => new Promise<void>((resolve) => void server.close(() => resolve())));
  server.listen(options);
  await once(server, 'listening');
  return server;
}

/** Returns the first free ports that browsers accept: the ports that a new database assigns, in order. */
export async function freePorts(count: number, first = 4000): Promise<number[]> {
  const free: number[] = [];
  for (let port = first; free.length < count; port++) {
    if (!blocked.includes(port) && (await isFree(port))) free.push(port);
  }
  return free;
}

export async function freePort(first?: number): Promise<number> {
  const [port] = await freePorts(1, first);
  if (port === undefined) throw new Error('No port is free');
  return port;
}

/** Whether no process listens on the port. */
export async function isFree(port: number): Promise<boolean> {
  for (const host of ['::', '0.0.0.0']) {
    const server = createServer();
    const code = await new Promise<string | undefined>((resolve) => {
      server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code));
      server.listen({ port, host }, () => server.close(() => resolve(undefined)));
    });
    if (code === 'EADDRINUSE') return false;
  }
  return true;
}
