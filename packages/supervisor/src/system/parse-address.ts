/** The kernel prints the bytes of each 32-bit word in reverse order (little-endian, as on all platforms of Node). */
const hexPerWord = 8;
const v4Words = 1;
/** `::ffff:a.b.c.d`: some runtimes (Java, Go) listen on IPv4 this way. */
const mappedPrefix = '00000000000000000000ffff';

/** Parses a `local_address` of /proc/net/tcp (IPv4) or tcp6 into the usual notation; undefined for anything else. */
export function parseProcAddress(hex: string): string | undefined {
  if (!/^(?:[\dA-Fa-f]{8}|[\dA-Fa-f]{32})$/.test(hex)) return undefined;
  const words = hex.match(new RegExp(`.{${hexPerWord}}`, 'g')) ?? [];
  const bytes = words.map((word) => word.match(/../g)?.reverse().join('') ?? '').join('');
  if (words.length === v4Words) return dotted(bytes);
  if (bytes.toLowerCase().startsWith(mappedPrefix)) return dotted(bytes.slice(mappedPrefix.length));
  // URL serializes IPv6 addresses in the shortest form.
  return new URL(`http://[${bytes.match(/.{4}/g)?.join(':')}]`).hostname.slice(1, -1);
}

function dotted(bytes: string): string {
  return (bytes.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16)).join('.');
}
