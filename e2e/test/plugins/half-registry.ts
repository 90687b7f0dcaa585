import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';
import { listen } from '../../registry/listen.ts';

export interface HalfRegistry {
  readonly url: string;
  /** Resolves when half of the tarball has been sent. */
  readonly halfSent: Promise<void>;
  /** Cuts off whoever waits for the rest. */
  cut(): void;
}

/** A registry that has one package and sends only half of its tarball; then it is silent, or gone. Or all of it. */
export async function openHalfRegistry({
  name,
  tarball,
  end,
}: {
  name: string;
  tarball: string;
  end: 'dies' | 'hangs' | 'answers';
}): Promise<HalfRegistry> {
  const content = readFileSync(tarball);
  const { promise: halfSent, resolve } = Promise.withResolvers<void>();
  const waiting = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    if (!request.url?.endsWith('.tgz')) {
      response.setHeader('content-type', 'application/json').end(JSON.stringify(packument(name, content, url)));
      return;
    }
    response.writeHead(200, { 'content-length': content.length });
    if (end === 'answers') {
      response.end(content);
      return;
    }
    response.write(content.subarray(0, content.length / 2), () => {
      resolve();
      if (end === 'dies') {
        response.destroy();
        server.close();
        server.closeAllConnections();
      } else waiting.add(response);
    });
  });
  const url = await listen(server);
  const cut = () => {
    for (const response of waiting) response.destroy();
  };
  onTestFinished(() => {
    cut();
    server.close();
  });
  return { url, halfSent, cut };
}

function packument(name: string, content: Buffer, url: string): object {
  const integrity = `sha512-${createHash('sha512').update(content).digest('base64')}`;
  const dist = { tarball: `${url}/${name}/-/half-1.0.0.tgz`, integrity };
  return { name, 'dist-tags': { latest: '1.0.0' }, versions: { '1.0.0': { name, version: '1.0.0', dist } } };
}
