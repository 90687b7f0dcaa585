import type { LookupAddress } from 'node:dns';
import { isIP } from 'node:net';

/** For one address. A server that takes longer to respond is not ready. */
const responseTimeoutMs = 2_000;

/** Where to send a request: an IP address or a Unix socket. */
export interface Endpoint {
  readonly hostname?: string;
  readonly socketPath?: string;
  /** Nobody can intercept the connection, so the certificate need not be valid. Local servers mostly have self-signed ones. */
  readonly isLocal: boolean;
}

export type HttpResult =
  | { readonly kind: 'response'; readonly status: number }
  /** No process accepts connections there. `reason` says so, as a clause. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** There was no response, for this reason. `isGarbled`: the server may expect TLS. */
  | { readonly kind: 'silence'; readonly reason: string; readonly isGarbled: boolean };

/** The headers that curl sends. Some development servers respond with 404 to a request that does not accept anything. */
const headers = { accept: '*/*', 'user-agent': 'candle' };

/** Sends a GET request. The body is not read: the status is sufficient, and a body may be endless. */
export async function requestStatus(url: URL, endpoint: Endpoint, closing: AbortSignal): Promise<HttpResult> {
  const { request } = url.protocol === 'https:' ? await import('node:https') : await import('node:http');
  const timeout = AbortSignal.timeout(responseTimeoutMs);
  const { isLocal, ...address } = endpoint;
  return new Promise((resolve) => {
    const options = { ...address, headers: { host: url.host, ...headers }, agent: false, rejectUnauthorized: !isLocal };
    const sent = request(url, { ...options, signal: AbortSignal.any([closing, timeout]) }, (response) => {
      resolve({ kind: 'response', status: response.statusCode ?? 0 });
      response.destroy();
    });
    sent.on('error', (error) => resolve(timeout.aborted ? tooSlow : resultOf(error)));
    sent.on('close', () => resolve(resultOf(undefined)));
    sent.end();
  });
}

const tooSlow = {
  kind: 'silence',
  reason: `no answer within ${responseTimeoutMs / 1000} s`,
  isGarbled: false,
} as const;

/** The codes that Node.js gives to errors of HTTP, of TLS, and of certificates. */
function resultOf(error: NodeJS.ErrnoException | undefined): HttpResult {
  const { code = 'ECONNRESET', message = '' } = error ?? {};
  const silence = (reason: string, isGarbled = false): HttpResult => ({ kind: 'silence', reason, isGarbled });
  if (code === 'ECONNREFUSED') return { kind: 'refused', reason: 'connection refused' };
  if (code === 'ENOENT') return { kind: 'refused', reason: 'the socket does not exist' };
  if (code === 'ECONNRESET' || code === 'EPIPE') return silence('the server closed the connection', true);
  if (code.startsWith('HPE_')) return silence('the response is not HTTP', true);
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'ERR_SSL_PACKET_LENGTH_TOO_LONG')
    return silence('the server does not speak TLS');
  // After the semicolon, the message says how to make Node.js accept it.
  if (/CERT|ISSUER|SIGNATURE/.test(code)) return silence(`its certificate is not valid (${message.split(';', 1)[0]})`);
  return silence(message === '' ? code : message);
}

export type Lookup = (hostname: string) => Promise<readonly LookupAddress[]>;

/** Asks the system, as the HTTP client itself does. */
export const systemLookup: Lookup = async (hostname) => {
  const { lookup } = await import('node:dns/promises');
  return lookup(hostname, { all: true });
};

const loopback: readonly Endpoint[] = [
  { hostname: '127.0.0.1', isLocal: true },
  { hostname: '::1', isLocal: true },
];

/**
 * The addresses of a host, because a server may listen on only one address family. Throws if the name cannot be resolved in
 * time.
 */
export async function listEndpoints({ hostname }: URL, lookup: Lookup): Promise<readonly Endpoint[]> {
  const name = hostname.replace(/^\[(.*)\]$/, '$1');
  // These names always stand for this machine (RFC 6761), whether the system knows them or not.
  if (name === 'localhost' || name.endsWith('.localhost')) return loopback;
  const found = isIP(name) === 0 ? await orTimeout(lookup(name)) : [{ address: name }];
  const addresses = [...new Set(found.map(({ address }) => address))];
  const isLocal = addresses.every(isLoopback);
  return addresses.map((address) => ({ hostname: address, isLocal }));
}

/** A connection to an unspecified address goes to this machine. */
function isLoopback(address: string): boolean {
  return /^(?:::ffff:)?127\./.test(address) || ['::1', '0.0.0.0', '::'].includes(address);
}

async function orTimeout<T>(work: Promise<T>): Promise<T> {
  const timeout = AbortSignal.timeout(responseTimeoutMs);
  return new Promise((resolve, reject) => {
    timeout.addEventListener('abort', () => reject(timeout.reason), { once: true });
    work.then(resolve, reject);
  });
}
