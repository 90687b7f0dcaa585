import { resolve } from 'node:path';
import { findUnixTarget } from '@candle/core/config';
import {
  type Endpoint,
  type HttpResult,
  type Lookup,
  listEndpoints,
  requestStatus,
  systemLookup,
} from './http-request.ts';
import type { ReadyProbe } from './ready-probe.ts';

const minReadyStatus = 200;
const maxReadyStatus = 399;
/** A server that expects TLS may explain that in a response without TLS. */
const badRequest = 400;

export interface HttpService {
  /** Its reserved port. */
  readonly port: number | null;
  /** The directory to which the path of a socket is relative. */
  readonly root: string;
  /** Called after each response to a path on the reserved port that shows that the service is ready. */
  readonly onReady?: ((usesTls: boolean) => Promise<void>) | undefined;
}

/**
 * Ready when the server responds with a status from 200 to 399; redirects are not followed. `target` is a path on the
 * reserved port, for which TLS is used if the server expects it, a full URL, or a page on a Unix socket.
 */
export function openHttpProbe(
  target: string,
  { port, root, onReady }: HttpService,
  lookup: Lookup = systemLookup,
): ReadyProbe {
  const closing = new AbortController();
  const isPath = target.startsWith('/');
  const unix = findUnixTarget(target);
  const url = unix ? new URL(`http://localhost${unix.path}`) : isPath ? urlOnPort(target, port) : new URL(target);
  const shown = isPath ? target : unix ? target : show(new URL(target));
  let awaited =
    url === undefined ? `${shown} needs a reserved port, but the service has none` : `no response from ${shown}`;
  let usesTls: boolean | undefined;

  const request = (at: URL, endpoint: Endpoint) => requestStatus(at, endpoint, closing.signal);

  const requestWithOrWithoutTls = async (at: URL, endpoint: Endpoint): Promise<HttpResult> => {
    const withTls = new URL(at.href.replace(/^http:/, 'https:'));
    if (usesTls && isPath) {
      const answer = await request(withTls, endpoint);
      // It may have been restarted without TLS.
      if (answer.kind !== 'response') usesTls = undefined;
      return answer;
    }
    const plain = await request(at, endpoint);
    const mayExpectTls = isStatus(plain, badRequest) || (plain.kind === 'silence' && plain.isGarbled);
    if (usesTls === false || !mayExpectTls || at.protocol === 'https:' || !endpoint.isLocal) return plain;
    const answer = await request(withTls, endpoint);
    if (answer.kind === 'response') usesTls = true;
    else if (plain.kind === 'response') usesTls = false;
    if (!usesTls) return plain;
    return isPath ? answer : { kind: 'silence', reason: 'the server speaks TLS: write https://', isGarbled: false };
  };

  const listTargets = async (at: URL): Promise<readonly Endpoint[]> =>
    unix ? [{ socketPath: resolve(root, unix.socketPath), isLocal: true }] : listEndpoints(at, lookup);

  const check = async (): Promise<boolean> => {
    if (url === undefined) return false;
    for (const [index, endpoint] of (await listTargets(url)).entries()) {
      const result = await requestWithOrWithoutTls(url, endpoint);
      // A request that was aborted says nothing about the server.
      if (closing.signal.aborted) return false;
      if (isReady(result)) {
        if (isPath) await onReady?.(usesTls === true);
        return true;
      }
      if (index === 0 || result.kind !== 'refused') awaited = describe(shown, result);
    }
    return false;
  };

  return {
    get awaited() {
      return awaited;
    },
    check: () =>
      check().catch((error: NodeJS.ErrnoException) => {
        if (error.syscall !== 'getaddrinfo' && error.name !== 'TimeoutError') throw error;
        awaited = `no response from ${shown}: ${url?.hostname} cannot be resolved`;
        return false;
      }),
    close: () => closing.abort(),
  };
}

function urlOnPort(path: string, port: number | null): URL | undefined {
  return port === null ? undefined : new URL(`http://localhost:${port}${path}`);
}

/** The URL without a password. */
function show({ origin, pathname, search }: URL): string {
  return `${origin}${pathname}${search}`;
}

function describe(shown: string, result: HttpResult): string {
  if (result.kind === 'response') return `${shown} responds with ${result.status}`;
  return `no response from ${shown}: ${result.reason}`;
}

function isReady(result: HttpResult): boolean {
  return result.kind === 'response' && result.status >= minReadyStatus && result.status <= maxReadyStatus;
}

function isStatus(result: HttpResult, status: number): boolean {
  return result.kind === 'response' && result.status === status;
}
