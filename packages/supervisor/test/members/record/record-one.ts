import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openCandle } from '@candle/core/candle';
import { type Run, runDir } from '@candle/core/runs';
import { marksOfRun } from '../../../src/observe/observe-run.ts';
import { superviseWith } from '../../../src/supervision.ts';
import { waitFor } from '../../stop/wait-for.ts';
import type { RecordedProcess, RecordedSnapshot } from '../recorded-snapshot.ts';
import { anonymize } from './anonymize.ts';
import { programPath, type RecordedProject, services } from './services.ts';

const [name = '', baseDir = ''] = process.argv.slice(2);
const service = services[name];
if (service === undefined) throw new Error(`No such service to record: ${name}`);

const repository = join(import.meta.dirname, '../../../../..');
const [home, stateDir, projectDir, otherDir] = ['home', 'state', 'shop', 'notes'].map((part) =>
  join(baseDir, part),
) as [string, string, string, string];
for (const dir of [home, projectDir, otherDir, join(projectDir, 'bin')]) mkdirSync(dir);
const env = {
  PATH: programPath(repository, projectDir, `${dirname(process.execPath)}:${process.env.PATH ?? ''}`),
  HOME: home,
  CANDLE_STATE_DIR: stateDir,
  NO_UPDATE_NOTIFIER: '1',
};

const bin = join(repository, 'apps/cli/bin/run.js');
const candle = (cwd: string, ...args: string[]) =>
  execFileSync(process.execPath, [bin, ...args], { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
/** Starts a process that runs alongside the recorded service, as if somebody else had started it. */
const startBeside = (cwd: string, file: string, ...args: string[]): ChildProcess =>
  spawn(file, args, { cwd, env, stdio: ['pipe', 'ignore', 'inherit'], detached: true });
const inTerminal = (cwd: string, command: string) => startBeside(cwd, 'script', '-qfc', command, '/dev/null');
const write = (dir: string, path: string, text: string) => {
  mkdirSync(dirname(join(dir, path)), { recursive: true });
  writeFileSync(join(dir, path), text, { mode: path.startsWith('bin/') ? 0o755 : 0o644 });
};
const config = (dir: string, given: object) => write(dir, '.candle.json', JSON.stringify({ services: [given] }));

const supervision = await superviseWith(openCandle(stateDir), { callerEnv: env });
const { processes: table, store } = supervision;

function snapshot(): RecordedProcess[] {
  const sockets = table.listening();
  return table
    .snapshot()
    .map((info) => ({ ...info, commandLine: commandLineOf(info.pid), listensOn: sockets.portsOf(info.pid) }));
}

function commandLineOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return '';
  }
}

async function record(run: Run, processes = snapshot()): Promise<RecordedSnapshot> {
  const marks = await marksOfRun(supervision, run);
  if (marks === undefined) throw new Error('The run is from another boot');
  return { run: marks, processes };
}

/** Returns the first snapshot that meets the condition. */
function awaitSnapshot(what: string, condition: (processes: readonly RecordedProcess[]) => boolean) {
  let seen = snapshot();
  const check = () => {
    seen = snapshot();
    return condition(seen) && seen;
  };
  return waitFor(what, check, () => seen.map((info) => `${info.pid} ${info.commandLine} ${info.listensOn}`).join('\n'));
}

async function newestRun(dir: string, service: string): Promise<Run> {
  const run = (await store.runs.listOfService(dir, service)).at(-1);
  if (run === undefined) throw new Error(`${service} has no run`);
  return run;
}

// A user's own server and shell, a service of another project, and a candle process that shows the output of that service.
const listens = (port: number) =>
  `require('node:http').createServer().listen(${port}, '127.0.0.1', () => console.log('up'))`;
inTerminal(home, `${process.execPath} -e "${listens(5999)}"`);
config(otherDir, { name: 'notes', shell: `node -e "${listens(5001)}"` });
const follower = startBeside(otherDir, process.execPath, bin, 'start', '--watch', 'notes');
await awaitSnapshot('the other processes', (seen) => {
  const ports = seen.flatMap(({ listensOn }) => listensOn);
  return ports.includes(5999) && ports.includes(5001);
});

const { port } = JSON.parse(candle(projectDir, 'reserve-port', 'web', '--json')) as { port: number };
const project: RecordedProject = {
  projectDir,
  port,
  write: (path, text) => write(projectDir, path, text),
};
const { shell, env: serviceEnv = {}, stopSignal = 'SIGTERM' } = service;
config(projectDir, { name: 'web', shell, env: serviceEnv, stopSignal });
service.prepare?.(project);
candle(projectDir, 'start', 'web');
const run = await newestRun(projectDir, 'web');
inTerminal(home, `tail -n +1 -f < ${runDir(stateDir, run.id).spool}`);
await awaitSnapshot(
  'the processes of the service and the reader of its output',
  (seen) => service.isUp(seen) && seen.some(({ command }) => command === 'tail'),
);
const running = await record(run);
const moments: Record<string, RecordedSnapshot> = { running };

const { isKilled } = service;
if (isKilled) {
  const killed = running.processes.filter((process) => isKilled(process, running.run));
  for (const { pid } of killed) process.kill(pid, 'SIGKILL');
  const isGone = () => !killed.some((process) => table.isAlive(process));
  moments.killed = await record(run, await awaitSnapshot('the end of the killed processes', isGone));
}

await service.beforeStop?.(project);
const stop = startBeside(projectDir, process.execPath, bin, 'kill', 'web');
const ended = new Promise((resolve) => stop.once('close', resolve));
const { isStopping } = service;
if (isStopping) {
  // A process that is just exiting has no command line, and would differ in every recording.
  const isStable = (seen: readonly RecordedProcess[]) =>
    seen.every(({ commandLine, isZombie }) => isZombie || commandLine !== '');
  const stopping = await awaitSnapshot('the stop in progress', (seen) => isStable(seen) && isStopping(seen));
  moments.stopping = await record(run, stopping);
}
await ended;
moments.stopped = await record(run);

const others = [{ from: (await newestRun(otherDir, 'notes')).id, to: 'run-b' }];
const paths = [
  { from: run.id, to: 'run-a' },
  ...others,
  { from: stateDir, to: '/state' },
  { from: baseDir, to: '/home/ada' },
  { from: process.execPath, to: 'node' },
  { from: repository, to: '/opt/candle' },
];
const version = execFileSync('sh', ['-c', service.version], { cwd: projectDir, env, encoding: 'utf8' }).trim();
const recording = { version, shell, moments };
writeFileSync(join(baseDir, 'recorded.json'), anonymize(recording, { paths, recorder: process.pid }));
follower.kill('SIGKILL');
process.exit(0);
