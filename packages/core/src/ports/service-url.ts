/** Where a service is found that listens on a port. Any address of this machine may be meant by that name, of IPv6 too. */
export function serviceUrl(port: number): string {
  return `http://localhost:${port}`;
}
