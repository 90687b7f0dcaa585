import type { Host } from './list-hosts.ts';

/** What a configuration is made of. */
export interface ProxyConfig {
  readonly hosts: readonly Host[];
  /** Port that the proxy listens on. */
  readonly listenPort: number;
}

/** What stands above the entry of a host. Names are the user's, and must not end the comment. */
export function comment({ serviceName, projectDir }: Host): string {
  return `# ${serviceName} of ${projectDir}`.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, '?');
}

/**
 * Where a service is. By name, as some listen on 127.0.0.1 and some on ::1 only: both proxies try what the name stands
 * for.
 */
export function upstream({ port }: Host): string {
  return `localhost:${port}`;
}
