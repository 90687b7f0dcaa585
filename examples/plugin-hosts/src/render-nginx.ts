import type { Host } from './list-hosts.ts';
import { comment, type ProxyConfig, upstream } from './render-config.ts';

/** Length of the longest server name, in bytes, that nginx accepts with its default settings. */
const maxDefaultNameLength = 64 - 16;

/** Renders a file that nginx includes within `http`, as it does with files in conf.d. */
export function renderNginx({ hosts, listenPort }: ProxyConfig): string {
  const maxNameLength = Math.max(...hosts.map(({ host }) => host.length));
  return [
    '# For nginx, within http { … }, from: candle hosts --format nginx\n',
    ...(maxNameLength > maxDefaultNameLength ? ['server_names_hash_bucket_size 512;\n'] : []),
    'map $http_upgrade $candle_connection {\n    default upgrade;\n    "" close;\n}\n',
    ...hosts.map((host) => renderServer(host, listenPort)),
  ].join('\n');
}

/** WebSockets are upgraded, streams are not buffered, and the service sees the original client, host and scheme. */
function renderServer(host: Host, listenPort: number): string {
  return `${comment(host)}
server {
    listen ${listenPort};
    listen [::]:${listenPort};
    server_name ${host.host};

    location / {
        proxy_pass http://${upstream(host)};
        proxy_http_version 1.1;
        proxy_set_header Host $http_host;
        proxy_set_header Upgrade $http_upgrade;
        proxy_set_header Connection $candle_connection;
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        proxy_set_header X-Forwarded-Host $http_host;
        proxy_set_header X-Forwarded-Proto $scheme;
        proxy_buffering off;
        proxy_read_timeout 1h;
        client_max_body_size 0;
    }
}
`;
}
