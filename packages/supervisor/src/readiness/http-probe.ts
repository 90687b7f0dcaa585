import type { ReadyProbe } from './ready-probe.ts';

/** For one address. A server that takes longer to respond is not ready. */
const responseTimeoutMs = 2_000;
const minReadyStatus = 200;
const maxReadyStatus = 399;

/**
 * Ready when the server responds with a status from 200 to 399; redirects are not followed. `target` is a path on the
 * reserved port, or a full URL.
 */
export function openHttpProbe(target: string, port: number | null): ReadyProbe {
  const closing = new AbortController();
  const urls = urlsOf(target, port);
  const shown = show(target);
  const noResponse =
    urls.length > 0 ? `no response from ${shown}` : `${shown} needs a reserved port, but the service has none`;
  let awaited = noResponse;
  return {
    get awaited() {
      return awaited;
    },
    check: async () => {
      let missed = noResponse;
      for (const url of urls) {
        const status = closing.signal.aborted ? undefined : await requestStatus(url, closing.signal);
        if (status !== undefined && status >= minReadyStatus && status <= maxReadyStatus) return true;
        if (status !== undefined) missed = `${shown} responds with ${status}`;
      }
      // A request that was aborted says nothing about the server.
      if (!closing.signal.aborted) awaited = missed;
      return false;
    },
    close: () => closing.abort(),
  };
}

/** Both loopback addresses, because a server may listen on only one address family. */
function urlsOf(target: string, port: number | null): readonly URL[] {
  if (!target.startsWith('/')) return [new URL(target)];
  return port === null
    ? []
    : [`http://127.0.0.1:${port}`, `http://[::1]:${port}`].map((origin) => new URL(origin + target));
}

/** The target without a password. */
function show(target: string): string {
  const { origin, pathname, search } = new URL(target.startsWith('/') ? `http://localhost${target}` : target);
  return `${target.startsWith('/') ? '' : origin}${pathname}${search}`;
}

/** Undefined without a response in time. The body is not read: the status is sufficient, and a body may be endless. */
async function requestStatus(url: URL, closing: AbortSignal): Promise<number | undefined> {
  const { request } = url.protocol === 'https:' ? await import('node:https') : await import('node:http');
  const signal = AbortSignal.any([closing, AbortSignal.timeout(responseTimeoutMs)]);
  return new Promise((resolve) => {
    // Local servers mostly have self-signed certificates, and the loopback interface cannot be intercepted.
    const sent = request(url, { agent: false, signal, rejectUnauthorized: !isLoopback(url) }, (response) => {
      resolve(response.statusCode);
      response.destroy();
    });
    sent.on('error', () => resolve(undefined));
    sent.on('close', () => resolve(undefined));
    sent.end();
  });
}

function isLoopback({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}
