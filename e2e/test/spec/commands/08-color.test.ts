import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { runProgram, type Sandbox } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { bin, sandbox } from '../../sandbox.ts';

const hasPython = spawnSync('python3', ['-V']).status === 0;
const escapeSequence = '\u001b[';

/** A service that prints a red line and keeps running. */
const config = { services: [{ name: 'api', shell: "printf '\\033[31mred\\033[0m\\n'; exec sleep 1000" }] };

async function inTerminal(box: Sandbox, line: string[], env: Record<string, string> = {}): Promise<string> {
  const script = fileURLToPath(new URL('../../fixtures/run-in-terminal.py', import.meta.url));
  const options = { cwd: box.projectDir, env: { ...box.env, TERM: 'xterm', ...env } };
  return (await runProgram('python3', [script, '', 'wait', process.execPath, bin, ...line], options)).stdout;
}

test('output has no color without a terminal', async () => {
  const box = sandbox({ config });
  await box.candle(['start']);
  for (const line of [['--help'], ['start', '--help'], ['list'], ['ps'], ['logs'], ['plugins'], ['nonsense']]) {
    const { stdout, stderr } = await box.candle(line);
    expect({ line, color: `${stdout}${stderr}`.includes(escapeSequence) }).toEqual({ line, color: false });
  }
  expect((await box.candle(['logs', 'api'])).stdout).toMatch(/^red$/m);
});

test.runIf(hasPython)('output has color on a terminal, but not with NO_COLOR', async () => {
  const box = sandbox({ config });
  await box.candle(['start']);
  for (const line of [['--help'], ['logs', 'api']]) {
    expect({ line, color: (await inTerminal(box, line)).includes(escapeSequence) }).toEqual({ line, color: true });
    const plain = await inTerminal(box, line, { NO_COLOR: '1' });
    expect({ line, color: plain.includes(escapeSequence) }).toEqual({ line, color: false });
  }
});

test('FORCE_COLOR adds color without a terminal, but never to JSON', async () => {
  const box = sandbox({ config });
  await box.candle(['start']);
  const env = { FORCE_COLOR: '1' };
  for (const line of [['--help'], ['logs', 'api']]) {
    expect((await box.candle(line, { env })).stdout).toContain(escapeSequence);
    expect((await box.candle(line, { env: { FORCE_COLOR: '0' } })).stdout).not.toContain(escapeSequence);
  }
  for (const line of [['list'], ['logs', 'api'], ['nonsense']]) {
    const { stdout } = await box.candle([...line, '--json'], { env });
    expect(stdout).not.toContain('\\u001b');
    expect(stdout).not.toContain(escapeSequence);
    JSON.parse(stdout);
  }
});

test('commands do not prompt if stdin is not a terminal', async () => {
  const box = sandbox({ config });
  // stdin stays open without any input, so a prompt would wait forever.
  const script =
    'mkfifo stdin; exec 3<>stdin; for line in setup-project release-ports kill restart; do "$0" "$1" $line <&3 || exit; done';
  const options = { cwd: box.projectDir, env: box.env };
  const { stdout, exitCode } = await runProgram('sh', ['-c', script, process.execPath, bin], options);
  expect({ lines: stdout.trimEnd().split('\n').length, exitCode }).toEqual({ lines: 4, exitCode: 0 });
});
