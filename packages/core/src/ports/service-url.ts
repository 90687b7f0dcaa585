/** The URL of a service that listens on a port. `localhost` can be an IPv4 or an IPv6 address of this machine. */
export function serviceUrl(port: number): string {
  return `http://localhost:${port}`;
}
