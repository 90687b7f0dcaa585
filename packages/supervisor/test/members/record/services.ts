import { connect } from 'node:net';
import { join } from 'node:path';
import type { RunMarks } from '../../../src/members/members-of.ts';
import type { RecordedProcess } from '../recorded-snapshot.ts';

/** The project of the recorded service. */
export interface RecordedProject {
  readonly projectDir: string;
  readonly port: number;
  /** Writes a file of the project, or a program on the PATH (`bin/NAME`). */
  write(path: string, text: string): void;
}

export interface RecordedService {
  /** Command that prints the version of the program. */
  readonly version: string;
  readonly shell: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stopSignal?: string;
  readonly asRoot?: boolean;
  /** Called after the port is reserved and before the service is started. */
  readonly prepare?: (project: RecordedProject) => void;
  /** Whether all processes of the service are running. */
  readonly isUp: (processes: readonly RecordedProcess[]) => boolean;
  /** Selects the processes to kill with SIGKILL before the stop. */
  readonly isKilled?: (process: RecordedProcess, run: RunMarks) => boolean;
  /** Called before the stop, to make it take long enough to be recorded. */
  readonly beforeStop?: (project: RecordedProject) => Promise<void>;
  /** Whether the stop has reached the moment to record. If omitted, no snapshot is recorded during the stop. */
  readonly isStopping?: (processes: readonly RecordedProcess[]) => boolean;
}

/** Listens on PORT and exits slowly. */
const server = `import { createServer } from 'node:http';
createServer((_, response) => response.end('hello\\n')).listen(process.env.PORT ?? process.argv[2]);
const end = () => setTimeout(() => process.exit(0), 1500);
// Turbo passes SIGTERM on as SIGINT, and either of the two signals may arrive first.
process.on('SIGTERM', end).on('SIGINT', end);
`;

const runs = (processes: readonly RecordedProcess[], part: string) =>
  processes.some(({ commandLine, isZombie }) => !isZombie && commandLine.includes(part));
const listens = (processes: readonly RecordedProcess[], part: string) =>
  processes.some(({ commandLine, listensOn }) => listensOn.length > 0 && commandLine.includes(part));

/** Sends a text and leaves the connection open. */
async function send(port: number, text: string): Promise<void> {
  const connection = connect(port, '127.0.0.1').on('error', () => undefined);
  await new Promise<void>((resolve) => connection.write(text, () => resolve()));
}

const nginx: RecordedService = {
  version: 'nginx -v 2>&1',
  // A graceful stop closes the port immediately and waits for requests in progress.
  shell: 'nginx -p "$PWD" -e error.log -c nginx.conf',
  stopSignal: 'SIGQUIT',
  prepare: ({ write, port }) => {
    write(
      'nginx.conf',
      `pid nginx.pid;
worker_processes 2;
events {}
http {
  access_log off;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  proxy_cache_path cache keys_zone=pages:1m;
  server { listen 127.0.0.1:${port}; location / { return 200 "hello"; } }
}
`,
    );
  },
  isUp: (processes) =>
    processes.filter(({ commandLine }) => commandLine.startsWith('nginx: worker')).length === 2 &&
    runs(processes, 'nginx: cache manager') &&
    // The original command has exited: the master is its grandchild.
    !processes.some(({ commandLine }) => commandLine.startsWith('nginx -p')),
  beforeStop: async ({ port }) => {
    await send(port, 'GET / HTTP/1.1\r\nHost: ');
    // When this later request is answered, a worker has read the first one.
    await fetch(`http://127.0.0.1:${port}/`);
  },
  isStopping: (processes) =>
    processes.filter(({ command, isZombie }) => command === 'nginx' && !isZombie).length === 2 &&
    runs(processes, 'shutting down'),
};

const turbo: RecordedService = {
  version: 'echo "turbo $(turbo --version)"',
  shell: 'turbo run dev',
  env: { TURBO_TELEMETRY_DISABLED: '1' },
  prepare: ({ write, port }) => {
    const root = { name: 'shop', private: true, packageManager: 'npm@11.19.1', workspaces: ['apps/*'] };
    write('package.json', JSON.stringify(root));
    write('package-lock.json', JSON.stringify({ name: 'shop', lockfileVersion: 3, packages: { '': root } }));
    write('turbo.json', JSON.stringify({ tasks: { dev: { cache: false, persistent: true } } }));
    for (const [name, given] of Object.entries({ web: port, admin: 9100 })) {
      const scripts = { dev: `node server.mjs ${given}` };
      write(`apps/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', scripts }));
      // By default, Turbo removes PORT from the environment of its tasks.
      write(`apps/${name}/server.mjs`, server.replace('process.env.PORT ?? ', ''));
    }
  },
  isUp: (processes) => listens(processes, 'server.mjs 4000') && listens(processes, 'server.mjs 9100'),
  isStopping: (processes) => !runs(processes, 'npm run dev') && runs(processes, 'node server.mjs'),
};

export const services: Readonly<Record<string, RecordedService>> = {
  npm: {
    version: 'echo "npm $(npm --version)"',
    shell: 'npm run dev',
    prepare: ({ write }) => {
      write('package.json', JSON.stringify({ name: 'shop', scripts: { dev: 'node server.mjs' } }));
      write('server.mjs', server);
    },
    isUp: (processes) => listens(processes, 'server.mjs'),
    // The shim has exited together with npm; the remaining shim belongs to the other project.
    isStopping: (processes) => processes.filter(({ commandLine }) => commandLine.includes('shim.sh')).length === 1,
  },

  turbo,
  /** The tasks of turbo without the shim and turbo itself. */
  'turbo-killed': {
    ...turbo,
    isKilled: ({ pgid }, { shim }) => pgid === shim?.pid,
  },

  'vite-open': {
    version: 'vite --version',
    shell: 'vite --open --host 127.0.0.1 --port "$PORT" --strictPort',
    env: { BROWSER: 'xdg-open' },
    prepare: ({ write }) => {
      write('index.html', '<p>hello</p>');
      write('bin/xdg-open', '#!/bin/sh\nchromium "$@"\n');
      // Like Chromium: helper processes in the browser's session that overwrite their environment, and a crash handler in a
      // separate session.
      write('bin/chrome_crashpad_handler', '#!/usr/bin/perl\nsleep 1000;\n');
      write(
        'bin/chromium',
        `#!/usr/bin/perl
use POSIX 'setsid';
if (!fork) { if (!fork) { setsid; exec 'chrome_crashpad_handler' } exit }
wait;
if (!fork) { $0 = 'chromium --type=zygote'; if (!fork) { $0 = 'chromium --type=renderer'; sleep 1000 } sleep 1000 }
sleep 1000;
`,
      );
    },
    isUp: (processes) => listens(processes, 'vite') && runs(processes, 'renderer') && runs(processes, 'crashpad'),
  },

  'redis-daemonize': {
    version: 'redis-server --version',
    shell: 'redis-server --port "$PORT" --daemonize yes --save "" --enable-debug-command local',
    isUp: (processes) => listens(processes, 'redis-server') && !runs(processes, '--daemonize'),
    // A slow command delays the handling of the signal.
    beforeStop: ({ port }) => send(port, 'DEBUG SLEEP 3\r\n'),
    isStopping: (processes) => listens(processes, 'redis-server') && runs(processes, 'run.js kill'),
  },

  nginx,
  /** If started by root, nginx runs its workers as another user. */
  'nginx-of-root': { ...nginx, asRoot: true },
};

export const serviceNames = Object.keys(services);

/** The programs of the repository, followed by the caller's PATH. */
export function programPath(repository: string, projectDir: string, path: string): string {
  const bins = ['node_modules/.bin', 'examples/shop/node_modules/.bin'].map((dir) => join(repository, dir));
  return [join(projectDir, 'bin'), ...bins, path].join(':');
}
