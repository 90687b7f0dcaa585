import { get } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

const pollMs = 2;
const timeoutMs = 20_000;

/** Resolves when the server responds over HTTP on this port, with the answer if it is given. @throws if another program responds */
export async function firstResponse({ port, answer }: { port: string; answer?: string }): Promise<void> {
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    const found = await ask(port);
    if (found !== undefined && found === (answer ?? found)) return;
    if (found !== undefined) throw new Error(`Another program responded on port ${port}`);
    if (performance.now() > deadlineMs) throw new Error(`Nothing responded on port ${port} within ${timeoutMs} ms`);
    await sleep(pollMs);
  }
}

function ask(port: string): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, agent: false }, (response) => {
      text(response).then(resolve, reject);
    }).once('error', () => resolve(undefined));
  });
}
