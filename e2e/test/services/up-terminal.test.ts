import { stripVTControlCharacters } from 'node:util';
import type { Sandbox } from '@candle/test-kit';
import { describe, expect, test } from 'vitest';
import { hasTerminals, inTerminal } from '../in-terminal.ts';
import { sandbox } from '../sandbox.ts';
import { executing, program } from './programs.ts';

const idles = { shell: program('idles.mjs'), port: null };
const esc = '\u001b';

async function running(box: Sandbox): Promise<readonly string[]> {
  // biome-ignore lint/suspicious/noExplicitAny: tests assert on the shape themselves
  const services: any[] = (await box.candleJson(['list'])).services;
  return services.filter((service) => service.running).map(({ name }) => name);
}

describe.skipIf(!hasTerminals)('on a terminal', () => {
  test('up shows a live table, then the output with colored names until Ctrl-C, and the services keep running', async () => {
    const web = { shell: program('listens-late.mjs', 300), port: 'auto' };
    const box = sandbox({ config: { services: { web, worker: idles } } });
    const { stdout, exitCode } = await inTerminal(box, 'listening on 4000', 'interrupt', 'up');
    expect(exitCode).toBe(0);
    const plain = stripVTControlCharacters(stdout);
    expect(plain).toMatch(/NAME +STATE +TIME +URL\nweb +starting +\d+\.\ds +http:\/\/localhost:4000\nworker +\w+ +/);
    expect(stdout).toContain(`${esc}[33mstarting${esc}[39m`);
    // Each frame replaces the previous one.
    expect(stdout).toContain(`${esc}[3A\r${esc}[J`);
    const [, output] = stdout.split(/^worker +\S+started\S+ +\d+\.\ds +-.*\n/m);
    expect(output).toMatch(new RegExp(`${esc}\\[36m\\[web\\]${esc}\\[39m {4}listening on 4000\n`));
    expect(output).toMatch(
      /\nThe services keep running\nTo stop them: candle down\nTo see their output: candle logs -f\n$/,
    );
    expect(await running(box)).toEqual(['web', 'worker']);
  });

  test('Ctrl-C before all are ready exits with 130, and the next up completes the work', async () => {
    const web = { shell: program('listens-late.mjs', 3_000), port: 'auto' };
    const box = sandbox({ config: { services: { web, worker: idles } } });
    const { stdout, exitCode } = await inTerminal(box, `worker  ${esc}[32mready`, 'interrupt', 'up');
    expect(exitCode).toBe(130);
    expect(stdout).toMatch(/\nInterrupted. Services that were started keep running\nTo stop them: candle down\n/);
    const up = await box.candleJson(['up']);
    expect(up).toMatchObject({ ready: true, services: [{ name: 'web', state: 'kept' }, { state: 'kept' }] });
    expect(executing(box, 'idles.mjs')).toHaveLength(1);
  });

  test.each([['-d'], ['--detach'], ['--bg'], ['--json']])('up %s returns when all are ready', async (flag) => {
    const box = sandbox({ config: { services: { worker: idles } } });
    const { stdout, exitCode } = await inTerminal(box, '', 'wait', 'up', flag);
    expect(exitCode).toBe(0);
    expect(stdout).not.toContain(' up\n');
    if (flag === '--json') expect(JSON.parse(stdout)).toMatchObject({ ready: true });
    else expect(stripVTControlCharacters(stdout)).toMatch(/^worker +started/m);
  });

  test('in agent mode, up returns and prints a plain table', async () => {
    const box = sandbox({ config: { services: { worker: idles } } });
    const agent = { projectDir: box.projectDir, env: { ...box.env, CLAUDECODE: '1' } };
    const { stdout, exitCode } = await inTerminal(agent, '', 'wait', 'up');
    expect(exitCode).toBe(0);
    expect(stdout).not.toContain(esc);
    expect(stdout).toMatch(/^worker +started .*\nNext: candle logs worker\n$/m);
  });

  test('if a service fails, up exits with 1 and does not follow the output of the others', async () => {
    const box = sandbox({ config: { services: { api: { shell: 'echo broken; exit 3' }, worker: idles } } });
    const { stdout, exitCode } = await inTerminal(box, '', 'wait', 'up');
    expect(exitCode).toBe(1);
    expect(stripVTControlCharacters(stdout)).toMatch(
      /NAME .*\napi +failed .*\nworker +started .*\nError: Service 'api' failed to start/,
    );
    expect(stdout).toContain('broken');
    expect(await running(box)).toEqual(['worker']);
  });

  test('up ends when all services have ended', async () => {
    const box = sandbox({
      config: { services: { worker: { shell: 'echo one; sleep 1; echo two; exit 3', port: null } } },
    });
    const { stdout, exitCode } = await inTerminal(box, '', 'wait', 'up');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/\none\ntwo\n--- exited with code 3 .* ---\nThe service has ended\n$/);
  });
});
