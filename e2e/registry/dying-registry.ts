import { createServer, request } from 'node:http';
import { listen } from './listen.ts';

export interface DyingRegistry {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * A proxy for the registry at `upstream`. When a file whose name contains `fatal` is requested, it sends half of the
 * first chunk, drops all connections and stops listening.
 */
export async function startDyingRegistry(upstream: string, fatal: string): Promise<DyingRegistry> {
  const server = createServer((asked, response) => {
    const { method, headers, url: path = '' } = asked;
    asked.pipe(
      request(upstream + path, { method, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        if (!path.includes(fatal)) {
          answer.pipe(response);
          return;
        }
        answer.once('data', (chunk: Buffer) => {
          response.write(chunk.subarray(0, chunk.length / 2), () => die());
        });
      }).on('error', () => response.destroy()),
    );
  });
  function die(): void {
    server.close();
    server.closeAllConnections();
  }
  const url = await listen(server);
  return {
    url,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
