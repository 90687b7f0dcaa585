import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram, type Sandbox, until } from '@candle/test-kit';
import { describe, expect, test } from 'vitest';
import { bin, sandbox } from '../../sandbox.ts';
import { executing, program } from '../../services/programs.ts';
import { openStore } from '../../store.ts';

const config = { services: [] };

describe('exit code 0', () => {
  test('help, version, plugins and lists succeed', async () => {
    const box = sandbox({ config });
    const lines = [
      [],
      ['help'],
      ['--help'],
      ['help', 'start'],
      ['--version'],
      ['plugins'],
      ['plugins', '--help'],
      ['list'],
    ];
    for (const line of lines) {
      const { stdout, stderr, exitCode } = await box.candle(line);
      expect({ line, stderr, exitCode }).toEqual({ line, stderr: '', exitCode: 0 });
      expect(stdout).not.toBe('');
    }
  });

  test('a reader that closes the pipe early does not cause an error', async () => {
    const box = sandbox({ config });
    for (let times = 0; times < 3; times++) await box.candle(['reserve-port']);
    for (const command of ['list-reserved-ports', 'list-reserved-ports --json', '--help', 'plugins --json']) {
      const script = `{ "$0" "$1" ${command}; echo "exit $?" >&2; } | head -1`;
      const words = ['-c', script, process.execPath, bin];
      const { stderr } = await runProgram('sh', words, { cwd: box.projectDir, env: box.env });
      expect({ command, stderr }).toEqual({ command, stderr: 'exit 0\n' });
    }
  });
});

describe('exit code 1', () => {
  const wrong: [string[], string][] = [
    [['nonsense'], "Unknown command 'nonsense'"],
    [['plugins', 'nonsense'], "Unknown command 'plugins nonsense'"],
    [['help', 'nonsense'], expect.stringContaining("Unknown command or topic 'nonsense'; the topics are concepts, ")],
    [['--nonsense'], 'Unknown flag: --nonsense'],
    [[''], "Unknown command ''"],
    [['get-reserved-port'], 'Missing argument: name'],
    [['reserve-port', 'api', 'web'], "Unexpected argument: 'web'"],
    [['reserve-port', '--nonsense'], 'Unknown flag: --nonsense'],
    [['reserve-port', '--nonsense', '--more'], 'Unknown flags: --nonsense, --more'],
    [['up', '--detatch'], 'Unknown flag: --detatch; did you mean --detach?'],
    [['reserve-port', '-x'], 'Unknown flag: -x'],
    [['logs', '--tail', '5'], 'Unknown flag: --tail; did you mean -n?'],
    [['ps', '-a'], 'Unknown flag: -a; did you mean --all?'],
    [['release-ports', '--port'], 'Flag --port expects a value'],
    [['release-ports', '--port', '1', '--port', '2'], 'Flag --port can only be specified once'],
    [['list', '--all=no'], 'Flag --all takes no value'],
    [['list', '--json=1'], 'Flag --json takes no value'],
    [['plugins', '--nonsense'], 'Unknown flag: --nonsense'],
    [['plugins', 'install'], 'Missing argument: plugin'],
    [['reserve-port', 'a\u001b[31mb', 'c\u0007'], "Unexpected argument: 'c\\u0007'"],
    [['start', '--shell', 'true'], '--shell requires exactly one service name'],
    [['start', 'api', '--shell', 'node', 'x.js'], expect.stringMatching(/, not 'api', 'x.js'; put quotes around /)],
    [
      ['start', 'api', '--shell', 'true', '--no-port'],
      expect.stringMatching(/^start has no --no-port; without --port/),
    ],
    [['start', 'api', '--no-port'], expect.stringContaining('set "port": null in .candle.json')],
    [['start', 'api', '--tty'], expect.stringContaining('candle add-service --tty')],
    [['get-reserved-port', 'api'], "No reserved port found for service 'api'"],
    [['kill', 'api'], expect.stringContaining("Unknown service 'api'")],
  ];

  test('wrong usage, unknown commands and failures print a message and a hint', async () => {
    const box = sandbox({ config });
    for (const [line, sentence] of wrong) {
      const { stdout, stderr, exitCode } = await box.candle(line);
      const [first = '', ...more] = stderr.trimEnd().split('\n');
      expect({ line, stdout, exitCode, sentence: first.replace(/^Error: /, '') }).toEqual({
        line,
        stdout: '',
        exitCode: 1,
        sentence,
      });
      expect(first).toMatch(/^Error: /);
      expect(more).toEqual([expect.stringMatching(/candle /)]);
    }
  });

  test('output that cannot be written is an error', async () => {
    const box = sandbox({ config });
    for (const command of ['list-reserved-ports', 'list-reserved-ports --json', '--help']) {
      const words = ['-c', `exec "$0" "$1" ${command} >/dev/full`, process.execPath, bin];
      const { stderr, exitCode } = await runProgram('sh', words, { cwd: box.projectDir, env: box.env });
      expect(exitCode).toBe(1);
      expect(stderr).toMatch(/^Error: The output could not be written \(ENOSPC.*\)\n$/);
    }
  });
});

describe('exit code 130', () => {
  /** Runs a command, interrupts it when the condition is true, and returns its exit code and stderr. */
  async function interrupted(box: Sandbox, line: string[], when: (pid: number) => boolean | Promise<boolean>) {
    const child = spawn(process.execPath, [bin, ...line], { cwd: box.projectDir, env: box.env, stdio: 'pipe' });
    let stderr = '';
    child.stderr.on('data', (text) => {
      stderr += text;
    });
    const closed = once(child, 'close');
    await until('the command can be interrupted', () => when(child.pid ?? 0), { explain: () => stderr });
    child.kill('SIGINT');
    const [code] = await closed;
    return { code, stderr };
  }

  function hasOpened(pid: number, path: string): boolean {
    const dir = `/proc/${pid}/fd`;
    return readdirSync(dir).some((fd) => readlinkOf(join(dir, fd)) === path);
  }

  function readlinkOf(path: string): string {
    try {
      return readlinkSync(path);
    } catch {
      return '';
    }
  }

  test('reserve-port can be interrupted while another process locks the database', async () => {
    const box = sandbox({ config });
    const store = await openStore(box);
    store.exec('BEGIN IMMEDIATE');
    const startedMs = performance.now();
    const { code, stderr } = await interrupted(box, ['reserve-port', 'api'], (pid) =>
      hasOpened(pid, join(box.stateDir, 'state.db')),
    );
    expect({ code, stderr }).toEqual({ code: 130, stderr: '' });
    // Time limit: without the interrupt, the command would wait half a minute for the lock.
    expect(performance.now() - startedMs).toBeLessThan(20_000);
    store.exec('ROLLBACK');
    expect((await box.candleJson(['list-reserved-ports'])).ports).toEqual([]);
  });

  test('kill can be interrupted while it waits for a service to exit', async () => {
    const box = sandbox({
      config: { services: [{ name: 'api', shell: program('ignores-sigterm.sh'), stopTimeout: '3s' }] },
    });
    await box.candle(['start']);
    let asked = false;
    const { code } = await interrupted(box, ['kill'], async () => {
      asked ||= (await box.candle(['list'])).stdout.includes('STOPPING');
      return asked;
    });
    expect(code).toBe(130);
    expect(executing(box, 'ignores-sigterm.sh')).not.toEqual([]);
  });
});
