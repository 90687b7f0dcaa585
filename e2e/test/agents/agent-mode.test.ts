import { type Sandbox, until } from '@candle/test-kit';
import { describe, expect, test } from 'vitest';
import { hasTerminals, inTerminal } from '../in-terminal.ts';
import { sandbox } from '../sandbox.ts';
import { program } from '../services/programs.ts';

const paints = "printf '\\033[32mgreen\\033[0m\\n'; ";
const config = { services: [{ name: 'api', shell: `${paints}${program('idles.mjs')}` }] };

/** Runs a command, and returns the last line on stderr. */
async function lastLineOf(box: Sandbox, ...args: string[]): Promise<string | undefined> {
  const { stderr, exitCode } = await box.candle(args);
  expect({ args, exitCode }).toEqual({ args, exitCode: 0 });
  return stderr.trimEnd().split('\n').at(-1);
}

test('without a terminal, the last line on stderr is the next command to run', async () => {
  const box = sandbox();
  expect(await lastLineOf(box, 'setup-project')).toBe("Next: candle add-service NAME --shell 'COMMAND'");
  expect(await lastLineOf(box, 'add-service', 'api', '--shell', 'echo up; exec sleep 1000', '--no-port')).toBe(
    'Next: candle start api',
  );
  expect(await lastLineOf(box, 'start', 'api')).toBe('Next: candle logs api');
  expect(await lastLineOf(box, 'wait-for-ready', 'api')).toBe('Next: candle logs api');
  expect(await lastLineOf(box, 'check-start', 'api', '--project', box.projectDir)).toBe(
    `Next: candle logs api --project ${box.projectDir}`,
  );
  await until('the service has printed its line', async () => (await box.candle(['logs', 'api'])).stdout === 'up\n');
  const nextLine = await lastLineOf(box, 'logs', 'api');
  expect(nextLine).toMatch(/^Next: candle logs api --start-at \S+$/);
  const [, , ...command] = nextLine?.split(' ') ?? [];
  expect(await box.candle(command)).toEqual({
    stdout: '',
    stderr: 'Nothing has been printed since then\n',
    exitCode: 0,
  });
});

test('with --json, nothing is printed on stderr', async () => {
  const box = sandbox({ config });
  expect(await box.candle(['start', '--json'])).toMatchObject({ stderr: '', exitCode: 0 });
});

describe.skipIf(!hasTerminals)('in a terminal', () => {
  const asAgent = (box: Sandbox) => ({ projectDir: box.projectDir, env: { ...box.env, CLAUDECODE: '1' } });

  test('for an agent, start returns at once, without colors, and prints the next command', async () => {
    const box = sandbox({ config });
    const started = await inTerminal(asAgent(box), '', 'wait', 'start');
    expect(started).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/\nNext: candle logs api\n$/) });
    await until('the service has printed its line', async () => (await box.candle(['logs'])).stdout.includes('green'));
    expect((await inTerminal(asAgent(box), '', 'wait', 'logs', 'api')).stdout).toMatch(/^green\n/);
    expect((await inTerminal(box, '', 'wait', 'logs', 'api')).stdout).toContain('\u001b[32mgreen');
    expect((await inTerminal(asAgent(box), '', 'wait', 'help')).stdout).not.toContain('\u001b');
  });

  test('an agent is not asked for confirmation', async () => {
    const box = sandbox();
    await box.candle(['reserve-port', 'api']);
    const { stdout, exitCode } = await inTerminal(asAgent(box), '', 'wait', 'erase-database');
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^Error: .*\n.*--force/);
  });

  test('a person sees no next command', async () => {
    const box = sandbox({ config });
    const { stdout } = await inTerminal(box, '', 'wait', 'start', '--bg');
    expect(stdout).not.toContain('Next:');
  });
});

test('start --json prints everything an agent needs to continue, and its cursor gives each line exactly once', async () => {
  const count = 3_000;
  const shell = `i=0; while [ $i -lt ${count} ]; do i=$((i + 1)); echo "line $i"; done; exec sleep 1000`;
  const box = sandbox({ config: { services: [{ name: 'api', shell, ready: false }] } });
  const { port } = await box.candleJson(['reserve-port', 'api']);
  await box.candle(['start', 'api']);
  const [started] = (await box.candleJson(['start', 'api'])).services;
  expect(started).toMatchObject({
    ...{ outcome: 'running', status: 'RUNNING', pid: expect.any(Number), port, url: `http://localhost:${port}` },
    cursor: expect.stringContaining(started.runId),
  });
  const lines: string[] = [];
  let { cursor } = started;
  await until('all lines have been read', async () => {
    const [log] = (await box.candleJson(['logs', 'api', '--start-at', cursor, '-n', '700'])).services;
    cursor = log.cursor;
    lines.push(...log.entries.flatMap((entry: { kind: string; text?: string }) => entry.text ?? []));
    return lines.length >= count;
  });
  expect(lines).toEqual(Array.from({ length: count }, (_, index) => `line ${index + 1}`));
  expect((await box.candleJson(['logs', 'api', '--start-at', cursor])).services[0].entries).toEqual([]);
  // For a service that is already running, the cursor gives only its later output.
  const [kept] = (await box.candleJson(['check-start', 'api'])).services;
  expect(kept).toMatchObject({ outcome: 'kept', cursor });
});
