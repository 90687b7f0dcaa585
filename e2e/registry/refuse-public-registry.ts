/** Thrown before anything is sent to the registry. */
export class PublicRegistryError extends Error {
  constructor(url: string) {
    super(`Refused: ${url} is not on the loopback interface of this machine`);
    this.name = 'PublicRegistryError';
  }
}

/** Everything that publishes calls this first, because a version published to a public registry cannot be withdrawn. */
export function refusePublicRegistry(url: string): void {
  if (!isLoopback(url)) throw new PublicRegistryError(url);
}

/** Accepts loopback addresses and `localhost`, but no other names. Rejects userinfo, which can look like a host. */
function isLoopback(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname, username } = new URL(url);
  if (protocol !== 'http:' || username !== '') return false;
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
