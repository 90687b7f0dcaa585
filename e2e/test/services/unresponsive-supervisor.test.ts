import { execFileSync } from 'node:child_process';
import { closeSync, constants, existsSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type Sandbox, until } from '@candle/test-kit';
import { expect, onTestFinished, test } from 'vitest';
import { handshake, startRawServer } from '../mcp/raw-server.ts';
import { sandbox } from '../sandbox.ts';
import { awaitSupervisor, killHard } from '../supervisor-of.ts';

const services = [
  { name: 'api', shell: 'exec sleep 1000', ready: false },
  { name: 'crashing', shell: 'exec sleep 1001', ready: false, restart: { policy: 'always', delay: '10ms' } },
];

interface Blockade {
  /** What the supervisor is reading. */
  readonly text: string;
  /** Gives the supervisor more to read. */
  write(text: string): void;
  end(): void;
}

/**
 * Blocks the supervisor in one synchronous read: a service crashes, and the file that says how to restart it is a pipe that
 * does not end. Other processes, including the next supervisor, find the original file.
 */
async function blockSupervisor(box: Sandbox): Promise<Blockade> {
  const { services } = await box.candleJson(['list']);
  const { runId } = services.find(({ name }: { name: string }) => name === 'crashing');
  const program = box.processes().find(({ command }) => command.includes('sleep 1001')) ?? expect.fail('no program');
  const path = join(box.stateDir, 'runs', runId, 'launch.json');
  const text = readFileSync(path, 'utf8');
  renameSync(path, `${path}.original`);
  execFileSync('mkfifo', [path]);
  const restore = () => {
    if (existsSync(`${path}.original`)) renameSync(`${path}.original`, path);
  };
  onTestFinished(restore);
  killHard(program.pid);
  const fd = await until('the supervisor reads the file', () => {
    try {
      return openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
    } catch {
      return undefined; // no process is reading
    }
  });
  restore();
  let isOpen = true;
  const end = () => {
    if (isOpen) closeSync(fd);
    isOpen = false;
  };
  onTestFinished(end);
  return { text, write: (more) => void writeSync(fd, more), end };
}

test('a supervisor that never responds again is replaced by the next start, and services keep running', async () => {
  const box = sandbox({ config: { services } });
  await box.candle(['start']);
  const { pid, watchdog } = await awaitSupervisor(box);
  const service = box.processes().find(({ command }) => command.includes('sleep 1000'));
  await blockSupervisor(box);
  const started = await box.candle(['start', 'web', '--shell', 'exec sleep 1002']);
  expect(started.exitCode).toBe(0);
  expect(started.stderr).toContain(`The supervisor (pid ${pid}, since `);
  expect(started.stderr).toContain('was replaced');
  const next = await awaitSupervisor(box, pid);
  expect(next.watchdog).toEqual(watchdog);
  expect(box.processes()).toContainEqual(service);
});

/** The supervisor reads one character at a time, so that it is busy. Spaces before the text have no meaning. */
async function keepBusy(box: Sandbox): Promise<void> {
  const blockade = await blockSupervisor(box);
  for (const deadlineMs = Date.now() + 2_500; Date.now() < deadlineMs; ) blockade.write(' ');
  blockade.write(blockade.text);
  blockade.end();
}

test('doctor reports a step of the supervisor that took longer than a second', async () => {
  const box = sandbox({ config: { services } });
  await box.candle(['start']);
  const { pid } = await awaitSupervisor(box);
  const report = await until('doctor reports it', async () => {
    // Again and again, because on a busy machine the supervisor may get the characters too slowly to be busy.
    await keepBusy(box);
    const { stdout } = await box.candle(['doctor']);
    return /did nothing else for \d/.test(stdout) ? stdout : undefined;
  });
  expect(report).toMatch(/It did nothing else for \d+\.\d s while /);
  expect((await awaitSupervisor(box)).pid).toBe(pid);
});

test('SIGUSR1 opens no debugger in the supervisor or in the MCP server, which continue', async () => {
  const box = sandbox({ config: { services } });
  await box.candle(['start']);
  const { pid } = await awaitSupervisor(box);
  const server = startRawServer(box);
  server.send(...handshake);
  await server.responseTo('open');
  process.kill(pid, 'SIGUSR1');
  server.child.kill('SIGUSR1');
  server.send({ jsonrpc: '2.0', id: 1, method: 'ping' });
  await server.responseTo(1);
  await box.candle(['start', 'web', '--shell', 'exec sleep 1002']);
  expect((await awaitSupervisor(box)).pid).toBe(pid);
  const supervisorLog = readFileSync(join(box.stateDir, 'supervisor.log'), 'utf8');
  // Node.js reports where a debugger can connect.
  expect(server.output.stderr + supervisorLog).not.toContain('Debugger');
});
