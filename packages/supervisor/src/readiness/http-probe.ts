import type { ReadyProbe } from './ready-probe.ts';

/** Of one address. A server that takes longer for its health page is not there yet. */
const answerTimeoutMs = 2_000;
const firstReady = 200;
const lastReady = 399;

/** The server answers with 200 to 399; redirects are not followed. `target` is a path on the reserved port, or a whole URL. */
export function openHttpProbe(target: string, port: number | null): ReadyProbe {
  const closing = new AbortController();
  const urls = urlsOf(target, port);
  const shown = show(target);
  const nothing = urls.length > 0 ? `no answer from ${shown}` : `${shown} needs a reserved port, and it has none`;
  let awaited = nothing;
  return {
    get awaited() {
      return awaited;
    },
    check: async () => {
      let missed = nothing;
      for (const url of urls) {
        const status = closing.signal.aborted ? undefined : await askStatus(url, closing.signal);
        if (status !== undefined && status >= firstReady && status <= lastReady) return true;
        if (status !== undefined) missed = `${shown} answers with ${status}`;
      }
      // An answer that was not waited for says nothing.
      if (!closing.signal.aborted) awaited = missed;
      return false;
    },
    close: () => closing.abort(),
  };
}

/** A server may listen on one family of addresses only. */
function urlsOf(target: string, port: number | null): readonly URL[] {
  if (!target.startsWith('/')) return [new URL(target)];
  return port === null
    ? []
    : [`http://127.0.0.1:${port}`, `http://[::1]:${port}`].map((origin) => new URL(origin + target));
}

/** As it is sent, but without a password. */
function show(target: string): string {
  const { origin, pathname, search } = new URL(target.startsWith('/') ? `http://localhost${target}` : target);
  return `${target.startsWith('/') ? '' : origin}${pathname}${search}`;
}

/** Undefined when nobody answers in time. The body is not read: the status says it all, and a body may never end. */
async function askStatus(url: URL, closing: AbortSignal): Promise<number | undefined> {
  const { request } = url.protocol === 'https:' ? await import('node:https') : await import('node:http');
  const signal = AbortSignal.any([closing, AbortSignal.timeout(answerTimeoutMs)]);
  return new Promise((resolve) => {
    // On the own machine certificates are mostly self-made, and there is nobody in between.
    const asked = request(url, { agent: false, signal, rejectUnauthorized: !isLoopback(url) }, (response) => {
      resolve(response.statusCode);
      response.destroy();
    });
    asked.on('error', () => resolve(undefined));
    asked.on('close', () => resolve(undefined));
    asked.end();
  });
}

function isLoopback({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}
