import { runProgram } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { bin, sandbox } from '../../sandbox.ts';
import { commands, fileOf } from './manifest.ts';

interface BuiltCommand {
  readonly args?: Readonly<Record<string, { readonly ignoreStdin?: boolean; readonly type?: string }>>;
}

test('no command reads a missing argument from stdin: every argument has `ignoreStdin: true`', async () => {
  const found: string[] = [];
  // The manifest contains every command and its arguments, but only the built file contains ignoreStdin.
  for (const command of commands) {
    const built: { default: BuiltCommand } = await import(fileOf(command));
    expect(Object.keys(built.default.args ?? {})).toEqual(Object.keys(command.args));
    for (const [name, arg] of Object.entries(built.default.args ?? {})) {
      found.push(`${command.id} ${name}`);
      expect({ command: command.id, name, ignoreStdin: arg.ignoreStdin }).toMatchObject({ ignoreStdin: true });
    }
  }
  expect(found).toContain('reserve-port name');
  expect(found.length).toBeGreaterThan(10);
});

/** `mcp` reads stdin on purpose, and `watch` runs until it is interrupted. */
const excluded = ['mcp', 'watch'];

test('every command leaves stdin for the next reader', async () => {
  const box = sandbox({ config: { services: [] } });
  const lines = 'api\nweb\ndocs\n';
  for (const { id } of commands.filter((command) => !excluded.includes(command.id))) {
    const script = `"$0" "$1" ${id} >/dev/null 2>&1; cat`;
    const options = { cwd: box.projectDir, env: box.env, input: lines };
    const { stdout } = await runProgram('sh', ['-c', script, process.execPath, bin], options);
    expect({ id, left: stdout }).toEqual({ id, left: lines });
  }
  // No port was reserved for `api` either.
  const { ports } = await box.candleJson(['list-reserved-ports']);
  expect(ports.filter(({ serviceName }: { serviceName: string | null }) => serviceName !== null)).toEqual([]);
});

test('candle works in a `while read` loop', async () => {
  const box = sandbox({ config: { services: [] } });
  const script = 'while read -r name; do "$0" "$1" get-or-reserve-port "$name"; "$0" "$1" reserve-port; done';
  const options = { cwd: box.projectDir, env: box.env, input: 'api\nweb\ndocs\n' };
  const { stdout, stderr, exitCode } = await runProgram('sh', ['-c', script, process.execPath, bin], options);
  expect({ stderr, exitCode, lines: stdout.trimEnd().split('\n').length }).toEqual({
    stderr: '',
    exitCode: 0,
    lines: 6,
  });
  const { ports } = await box.candleJson(['list-reserved-ports']);
  expect(ports.map(({ serviceName }: { serviceName: string | null }) => serviceName)).toEqual([
    null,
    'docs',
    null,
    'web',
    null,
    'api',
  ]);
});
