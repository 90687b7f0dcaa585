/** Thrown before anything is sent. */
export class PublicRegistryError extends Error {
  constructor(url: string) {
    super(`Refused: ${url} is not on the loopback interface of this machine`);
    this.name = 'PublicRegistryError';
  }
}

/** Whatever publishes calls this first: what once is on a public registry cannot be taken back. */
export function refusePublicRegistry(url: string): void {
  if (!isLoopback(url)) throw new PublicRegistryError(url);
}

/** By address and not by name, except for the one name that every resolver has to know; userinfo may look like a host. */
function isLoopback(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname, username } = new URL(url);
  if (protocol !== 'http:' || username !== '') return false;
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
