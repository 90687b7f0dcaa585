import { entriesOf, textOf, wordOf } from '../parsed-file.ts';

/** The port of this machine at which a container's port is published. */
export type HostPort =
  /** A variable sets it, so that each checkout can have its own. */
  | { readonly kind: 'variable'; readonly name: string; readonly fallback?: number }
  | { readonly kind: 'fixed'; readonly port: number }
  /** Docker chooses one. */
  | { readonly kind: 'random' };

export interface PublishedPort {
  readonly host: HostPort;
  /** The first one of a range; undefined if it is not a number. */
  readonly container: number | undefined;
  /** What to write instead, so that the variable sets the port. Undefined if it does already, and for a range of ports. */
  suggest(variable: string): string | undefined;
}

/** A variable, with or without a default, and nothing else: `${DB_PORT:-5432}`. */
const variable = /^\$(?:\{([A-Za-z_]\w*)(?::?[-?].*)?\}|([A-Za-z_]\w*))$/s;

/** Undefined for a protocol other than TCP, which Candle does not reserve, and for what cannot be understood. */
export function parsePublishedPort(written: unknown): PublishedPort | undefined {
  return typeof written === 'object' ? parseLong(written) : parseShort(wordOf(written));
}

function parseLong(written: unknown): PublishedPort | undefined {
  const { target, published, protocol } = entriesOf(written);
  if (protocol !== undefined && protocol !== 'tcp') return undefined;
  const text = wordOf(published);
  const host = parseHost(text);
  return (
    host && {
      host,
      container: parseContainer(wordOf(target)),
      suggest: (name) => (isChangeable(host, text) ? `published: "\${${name}:-${numberIn(text, target)}}"` : undefined),
    }
  );
}

/** `[[IP:]HOST:]CONTAINER[/PROTOCOL]`. */
function parseShort(written: string): PublishedPort | undefined {
  const [, text = '', protocol = 'tcp'] = /^(.*?)(?:\/(\w+))?$/s.exec(written.trim()) ?? [];
  const parts = splitParts(text);
  const [container = '', hostText = '', ...ip] = parts.toReversed();
  const host = parseHost(hostText);
  if (protocol !== 'tcp' || ip.length > 1 || host === undefined) return undefined;
  return {
    host,
    container: parseContainer(container),
    suggest: (name) =>
      isChangeable(host, text)
        ? `"${[...ip, `\${${name}:-${numberIn(hostText, container)}}`, container].join(':')}"`
        : undefined,
  };
}

/** Colons within `${…}` and `[…]` do not separate parts. */
function splitParts(text: string): readonly string[] {
  const parts = [''];
  let depth = 0;
  for (const character of text) {
    if (character === '{' || character === '[') depth += 1;
    if (character === '}' || character === ']') depth -= 1;
    if (character === ':' && depth === 0) parts.push('');
    else parts.push(`${parts.pop()}${character}`);
  }
  return parts;
}

function parseHost(text: string): HostPort | undefined {
  const [, braced, plain] = variable.exec(text) ?? [];
  const name = braced ?? plain;
  // Candle sets these itself.
  if (name?.startsWith('CANDLE_') === true) return undefined;
  const [, fallback] = /-(\d{1,5})\}$/.exec(text) ?? [];
  if (name !== undefined)
    return { kind: 'variable', name, ...(fallback === undefined ? {} : { fallback: Number(fallback) }) };
  if (text === '') return { kind: 'random' };
  // Of a range, either each port is published at the one of the same position, or Docker chooses one of them.
  const [, port] = /^(\d{1,5})(?:-\d{1,5})?$/.exec(text) ?? [];
  const number = Number(port);
  return number >= 1 && number <= 65_535 ? { kind: 'fixed', port: number } : undefined;
}

function parseContainer(text: string): number | undefined {
  const [, port] = /^(?:\$\{\w+:?-)?(\d{1,5})(?:-\d{1,5})?\}?$/.exec(text) ?? [];
  return port === undefined ? undefined : Number(port);
}

function isChangeable(host: HostPort, text: string): boolean {
  return host.kind !== 'variable' && !/\d-\d/.test(text);
}

function numberIn(host: string, container: unknown): string {
  return /^\d+/.exec(host)?.[0] ?? /\d+/.exec(wordOf(container))?.[0] ?? '';
}

/** The image without registry, namespace, tag and digest: `postgres` for `docker.io/library/postgres:18-alpine`. */
export function imageName(image: unknown): string {
  const [path = ''] = (textOf(image) ?? '').split('@');
  return path.slice(path.lastIndexOf('/') + 1).replace(/:.*$/s, '');
}
