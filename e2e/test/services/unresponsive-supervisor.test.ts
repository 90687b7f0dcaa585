import { until } from '@candle/test-kit';
import { expect, onTestFinished, test } from 'vitest';
import { sandbox } from '../sandbox.ts';
import { awaitSupervisor } from '../supervisor-of.ts';

/** Runs code in another Node.js process through its inspector, and does not wait for the result. */
async function runIn(pid: number, code: string): Promise<void> {
  process.kill(pid, 'SIGUSR1');
  const url: string = await until('the inspector listens', async () => {
    const response = await fetch('http://127.0.0.1:9229/json').catch(() => undefined);
    const targets = (await response?.json()) as { webSocketDebuggerUrl: string }[] | undefined;
    return targets?.[0]?.webSocketDebuggerUrl;
  });
  const socket = new WebSocket(url);
  onTestFinished(() => socket.close());
  await new Promise((resolve) => socket.addEventListener('open', resolve));
  const send = (id: number, method: string, params = {}) => socket.send(JSON.stringify({ id, method, params }));
  const enabled = new Promise((resolve) => socket.addEventListener('message', resolve, { once: true }));
  send(1, 'Runtime.enable');
  await enabled;
  // In a timer, so that the inspector does not wait for it.
  send(2, 'Runtime.evaluate', { expression: `setTimeout(() => { ${code} }, 1)` });
}

test('a supervisor that never responds again is replaced by the next start, and services keep running', async () => {
  const box = sandbox();
  await box.candle(['start', 'api', '--shell', 'exec sleep 1000']);
  const { pid, watchdog } = await awaitSupervisor(box);
  const service = box.processes().find(({ command }) => command.includes('sleep 1000'));
  await runIn(pid, 'for (;;);');
  const started = await box.candle(['start', 'web', '--shell', 'exec sleep 1001']);
  expect(started.exitCode).toBe(0);
  expect(started.stderr).toContain(`The supervisor (pid ${pid}, since `);
  expect(started.stderr).toContain('was replaced');
  const next = await awaitSupervisor(box, pid);
  expect(next.watchdog).toEqual(watchdog);
  expect(box.processes()).toContainEqual(service);
});

test('doctor reports a step of the supervisor that took longer than a second', async () => {
  const box = sandbox();
  await box.candle(['start', 'api', '--shell', 'exec sleep 1000']);
  const { pid } = await awaitSupervisor(box);
  await runIn(pid, 'for (const end = Date.now() + 2500; Date.now() < end; );');
  const report = await until('doctor reports it', async () => {
    const { stdout } = await box.candle(['doctor']);
    return /did nothing else for \d/.test(stdout) ? stdout : undefined;
  });
  expect(report).toMatch(/It did nothing else for \d+\.\d s while doing other work/);
  expect((await awaitSupervisor(box)).pid).toBe(pid);
});
