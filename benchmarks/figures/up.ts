import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median } from '../measure/statistics.ts';
import { takePairs } from '../measure/take-pairs.ts';
import { runCommand } from '../measure/time-command.ts';
import { firstResponse } from '../workbench/first-response.ts';
import type { Workbench, Workspace } from '../workbench/workbench.ts';
import type { PairFigure } from './figure.ts';

const vite = join(fileURLToPath(import.meta.resolve('vite/package.json')), '../bin/vite.js');

/** Two Vite dev servers and an API. The baseline is the time that they need themselves, until the last of them responds. */
export const upThree: PairFigure = {
  name: 'up',
  title: 'up of 3 services, until all are ready',
  baseline: 'a script that starts the same commands, until all respond',
  aim: { extraMs: 1_000 },
  measure: async (bench, note) => {
    const services = servicesOf(bench);
    const workspace = openThree(bench, services);
    const ports = await reservePorts(workspace);
    const commands = services.map(
      ({ root, shell }, index) => `cd '${root}' && export PORT=${ports[index]} && exec ${shell}`,
    );
    const pairs = await takePairs(bench.rounds.starts, {
      measured: () => timeUp(workspace, ports),
      baseline: () => timeScript(workspace, commands, ports),
    });
    const ratio = median(pairs.map(({ measured, baseline }) => measured / baseline));
    note(`\`up\` of 3 services takes ${ratio.toFixed(2)} times as long as the script.`);
    return pairs;
  },
};

interface Service {
  readonly name: string;
  readonly shell: string;
  readonly root: string;
}

function servicesOf({ server }: Workbench): readonly Service[] {
  const shell = `'${process.execPath}' '${vite}' --host 127.0.0.1 --port $PORT --strictPort`;
  return [
    { name: 'web', shell, root: 'web' },
    { name: 'admin', shell, root: 'admin' },
    { name: 'api', shell: server.shell, root: '.' },
  ];
}

function openThree({ openWorkspace }: Workbench, services: readonly Service[]): Workspace {
  const workspace = openWorkspace('up', { services: services.map((service) => ({ ...service, port: 'auto' })) });
  for (const { root, name } of services) {
    mkdirSync(join(workspace.projectDir, root), { recursive: true });
    writeFileSync(join(workspace.projectDir, root, 'index.html'), `<!doctype html><title>${name}</title>\n`);
  }
  return workspace;
}

/** The reserved ports, in the order of the services. */
async function reservePorts({ candle }: Workspace): Promise<readonly string[]> {
  const { stdout } = await runCommand(candle(['up', '--detach', '--json']));
  await runCommand(candle(['down']));
  return JSON.parse(stdout).services.map(({ port }: { port: number }) => String(port));
}

async function timeUp({ candle }: Workspace, ports: readonly string[]): Promise<number> {
  const { milliseconds } = await runCommand(candle(['up', '--detach']));
  await Promise.all(ports.map((port) => firstResponse({ port })));
  await runCommand(candle(['down']));
  return milliseconds;
}

async function timeScript(
  { candle }: Workspace,
  commands: readonly string[],
  ports: readonly string[],
): Promise<number> {
  const { cwd, env } = candle([]);
  const script = `trap 'kill $(jobs -p); wait' TERM\n${commands.map((command) => `(${command}) &`).join('\n')}\nwait`;
  const startedAt = performance.now();
  const child = spawn('bash', ['-c', script], { cwd, env, stdio: 'ignore' });
  const ended = once(child, 'exit');
  try {
    await Promise.all(ports.map((port) => firstResponse({ port })));
    return performance.now() - startedAt;
  } finally {
    child.kill();
    await ended;
  }
}
