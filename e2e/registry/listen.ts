import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** On a free port of the loopback interface, and nowhere else; the URL, without a slash at its end. */
export function listen(server: Server): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });
}
