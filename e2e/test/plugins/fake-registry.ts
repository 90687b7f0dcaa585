import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';
import { listen } from '../../registry/listen.ts';

export interface FakeRegistry {
  readonly url: string;
  /** Resolves when half of the tarball has been sent. */
  readonly halfSent: Promise<void>;
  /** Closes the connections of clients that wait for the rest. */
  disconnect(): void;
}

/**
 * A registry with one package. It sends half of the tarball and then `dies` (closes the server) or `hangs`, or it
 * `completes` the response.
 */
export async function openFakeRegistry({
  name,
  tarball,
  behavior,
}: {
  name: string;
  tarball: string;
  behavior: 'dies' | 'hangs' | 'completes';
}): Promise<FakeRegistry> {
  const content = readFileSync(tarball);
  const { promise: halfSent, resolve } = Promise.withResolvers<void>();
  const waiting = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    if (!request.url?.endsWith('.tgz')) {
      response.setHeader('content-type', 'application/json').end(JSON.stringify(packument(name, content, url)));
      return;
    }
    response.writeHead(200, { 'content-length': content.length });
    if (behavior === 'completes') {
      response.end(content);
      return;
    }
    response.write(content.subarray(0, content.length / 2), () => {
      resolve();
      if (behavior === 'dies') {
        response.destroy();
        server.close();
        server.closeAllConnections();
      } else waiting.add(response);
    });
  });
  const url = await listen(server);
  const disconnect = () => {
    for (const response of waiting) response.destroy();
  };
  onTestFinished(() => {
    disconnect();
    server.close();
  });
  return { url, halfSent, disconnect };
}

function packument(name: string, content: Buffer, url: string): object {
  const integrity = `sha512-${createHash('sha512').update(content).digest('base64')}`;
  const dist = { tarball: `${url}/${name}/-/half-1.0.0.tgz`, integrity };
  return { name, 'dist-tags': { latest: '1.0.0' }, versions: { '1.0.0': { name, version: '1.0.0', dist } } };
}
