import { comment, type ProxyConfig, upstream } from './render-config.ts';

/** A Caddyfile for Caddy 2. Web sockets and streams pass without being spoken of. */
export function renderCaddy({ hosts, listenPort }: ProxyConfig): string {
  const sites = hosts.map(
    // With the scheme, so that Caddy neither asks for certificates nor installs an authority of its own.
    (host) => `${comment(host)}\nhttp://${host.host}:${listenPort} {\n\treverse_proxy ${upstream(host)}\n}\n`,
  );
  return ['# For Caddy 2, from: candle hosts\n', ...sites].join('\n');
}
