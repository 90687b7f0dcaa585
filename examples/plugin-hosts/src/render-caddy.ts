import { comment, type ProxyConfig, upstream } from './render-config.ts';

/** Renders a Caddyfile for Caddy 2. Caddy proxies WebSockets and streams without further settings. */
export function renderCaddy({ hosts, listenPort }: ProxyConfig): string {
  const sites = hosts.map(
    // With the http scheme, Caddy neither requests certificates nor installs its own certificate authority.
    (host) => `${comment(host)}\nhttp://${host.host}:${listenPort} {\n\treverse_proxy ${upstream(host)}\n}\n`,
  );
  return ['# For Caddy 2, from: candle hosts\n', ...sites].join('\n');
}
