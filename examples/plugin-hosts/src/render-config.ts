import type { Host } from './list-hosts.ts';

/** Input of the renderers. */
export interface ProxyConfig {
  readonly hosts: readonly Host[];
  /** Port that the proxy listens on. */
  readonly listenPort: number;
}

/** The comment above the entry of a host. Names come from the user and must not end the comment. */
export function comment({ serviceName, projectDir }: Host): string {
  return `# ${serviceName} of ${projectDir}`.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, '?');
}

/**
 * The address of a service. Uses a name, because some services listen only on 127.0.0.1 and some only on ::1: both
 * proxies try all addresses of the name.
 */
export function upstream({ port }: Host): string {
  return `localhost:${port}`;
}
