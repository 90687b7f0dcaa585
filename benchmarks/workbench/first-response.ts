import { get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const pollMs = 2;
const timeoutMs = 20_000;

/** Resolves when something answers over HTTP on that port. */
export async function firstResponse(port: string): Promise<void> {
  const endMs = performance.now() + timeoutMs;
  while (!(await answers(port))) {
    if (performance.now() > endMs) throw new Error(`Nothing answered on port ${port} within ${timeoutMs} ms`);
    await sleep(pollMs);
  }
}

function answers(port: string): Promise<boolean> {
  return new Promise((resolve) => {
    get({ host: '127.0.0.1', port, agent: false }, (response) => {
      response.resume().once('end', () => resolve(true));
    }).once('error', () => resolve(false));
  });
}
