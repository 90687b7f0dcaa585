import { type ChildProcess, fork } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publish } from './publish.ts';

/** A separate registry on 127.0.0.1. It serves what is published to it and what is installed for this repository. */
export interface Registry {
  readonly url: string;
  /** A user's `.npmrc` with this registry and a token that may publish. */
  readonly npmrc: string;
  /** With these variables, npm and `candle plugins` use this registry, a separate cache, and none of the machine's settings. */
  readonly env: Readonly<Record<string, string>>;
  /** Publishes a package: a directory (which may belong to this workspace) or a tarball. */
  publish(target: string): Promise<void>;
  /** Returns the registry's log: its requests and errors. */
  log(): string;
  /** Ends the process and removes what was published. */
  close(): Promise<void>;
}

export async function startRegistry(): Promise<Registry> {
  const root = mkdtempSync(join(tmpdir(), 'candle-registry-'));
  const logFile = join(root, 'log');
  const log = openSync(logFile, 'a');
  const server = fork(join(import.meta.dirname, 'server.ts'), [root], { stdio: ['ignore', log, log, 'ipc'] });
  closeSync(log);
  try {
    const url = await urlOf(server);
    const npmrc = join(root, 'npmrc');
    writeFileSync(npmrc, npmrcOf(url, await newToken(url)));
    const env = {
      npm_config_userconfig: npmrc,
      npm_config_globalconfig: join(root, 'no-global-npmrc'),
      npm_config_cache: join(root, 'npm-cache'),
      npm_config_registry: url,
    };
    return {
      url,
      npmrc,
      env,
      publish: (target) => publish(target, { url, env }),
      log: () => readFileSync(logFile, 'utf8'),
      close: async () => {
        await end(server);
        rmSync(root, { recursive: true, force: true });
      },
    };
  } catch (error) {
    const output = readFileSync(logFile, 'utf8');
    await end(server);
    rmSync(root, { recursive: true, force: true });
    throw new Error(`The registry did not start: ${output}`, { cause: error });
  }
}

function urlOf(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('message', (message: { url: string }) => resolve(message.url));
    server.once('error', reject);
    server.once('exit', (code) => reject(new Error(`The registry exited with ${code}`)));
  });
}

/** Turns off everything else for which npm would use the network. */
function npmrcOf(url: string, token: string): string {
  const lines = [
    `registry=${url}/`,
    `@candle:registry=${url}/`,
    `${url.replace('http:', '')}/:_authToken=${token}`,
    'audit=false',
    'fund=false',
    'update-notifier=false',
  ];
  return `${lines.join('\n')}\n`;
}

async function newToken(url: string): Promise<string> {
  const answer = await fetch(`${url}/-/user/org.couchdb.user:ada`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'ada', password: 'analytical-engine' }),
  });
  const { token } = (await answer.json()) as { token?: string };
  if (token === undefined) throw new Error(`The registry returned no token: ${answer.status}`);
  return token;
}

function end(server: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (server.exitCode !== null || server.signalCode !== null) return resolve();
    server.once('exit', () => resolve());
    server.kill('SIGKILL');
  });
}
