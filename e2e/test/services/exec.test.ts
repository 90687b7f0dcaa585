import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runProgram, type Sandbox, until } from '@candle/test-kit';
import { describe, expect, test } from 'vitest';
import { hasTerminals, inTerminal } from '../in-terminal.ts';
import { bin, sandbox } from '../sandbox.ts';

const config = {
  services: [
    { name: 'api', shell: 'npm run dev', root: 'apps/api', port: 'auto', env: { LEVEL: 'debug' }, envFile: '.env' },
    { name: 'web', shell: 'vite', port: 'auto', envFile: '.big' },
  ],
};

function project(): Sandbox {
  const box = sandbox({ config });
  box.writeFile('.env', 'TOKEN=from file\n');
  box.writeFile('.big', '');
  box.writeFile('src/any', '');
  return box;
}

const counts = fileURLToPath(new URL('../fixtures/counts-signals.mjs', import.meta.url));

test('the command gets the environment of the service, the current directory and stdin, and exec exits with its code', async () => {
  const box = project();
  const script = 'echo "$PORT $WEB_URL $LEVEL $TOKEN $CANDLE_SERVICE [$CANDLE_RUN_ID]"; pwd; cat; echo oh >&2; exit 7';
  const cwd = join(box.projectDir, 'src');
  const { stdout, stderr, exitCode } = await box.candle(['exec', 'api', '--', 'sh', '-c', script], {
    cwd,
    input: 'typed\n',
  });
  const { ports } = await box.candleJson(['list-reserved-ports']);
  const [web, api] = ports.map(({ port }: { port: number }) => port);
  expect({ stdout, stderr, exitCode }).toEqual({
    stdout: `${api} http://localhost:${web} debug from file api []\n${cwd}\ntyped\n`,
    stderr: 'oh\n',
    exitCode: 7,
  });
});

test('without a service, the command gets the common variables; a name with only a reservation works as a service', async () => {
  const box = project();
  const { port } = await box.candleJson(['reserve-port', 'docs']);
  const script = 'echo "$PORT $DOCS_PORT $LEVEL $CANDLE_SERVICE $CANDLE_PROJECT"';
  const lines = [[], ['docs']].map((names) => box.candle(['exec', ...names, '--', 'sh', '-c', script]));
  const [every, docs] = (await Promise.all(lines)).map(({ stdout }) => stdout);
  expect(every).toBe(` ${port}   ${box.projectDir}\n`);
  expect(docs).toBe(`${port} ${port}  docs ${box.projectDir}\n`);
});

test('all arguments after -- are passed to the command unchanged', async () => {
  const box = project();
  const words = ['--help', '--json', '--', '--project', '', 'a b', '$HOME', "it's", '-x', '--debug'];
  const script = 'console.log(JSON.stringify(process.argv.slice(1)))';
  const { stdout, exitCode } = await box.candle(['exec', 'api', '--', 'node', '-e', script, '--', ...words]);
  expect({ words: JSON.parse(stdout), exitCode }).toEqual({ words, exitCode: 0 });
});

test('a command that cannot run is reported in one sentence, with the exit code that shells use', async () => {
  const box = project();
  box.writeFile('text', 'no program');
  box.writeFile('.big', `BIG=${'x'.repeat(200_000)}\n`);
  const failures: [string[], number, RegExp][] = [
    [['exec', '--', 'no-such-command'], 127, /^Error: Command 'no-such-command' was not found\nNo directory in PATH/],
    [['exec', '--', './missing'], 127, /^Error: Command '\.\/missing' was not found\nThat file does not exist/],
    [['exec', '--', ''], 127, /^Error: Command '' was not found\n/],
    [['exec', '--', './text'], 126, /^Error: Command '\.\/text' cannot be run: \.\/text is not executable\n/],
    [['exec', '--', '/'], 126, /^Error: Command '\/' cannot be run: \/ is a directory\n/],
    [['exec', 'web', '--', 'echo'], 126, /^Error: Command 'echo' cannot be run: E2BIG\n/],
    [['exec', 'api'], 1, /^Error: Write the command after --, for example: candle exec api -- npm test\n/],
    [['exec', 'npm', 'test'], 1, /^Error: Write -- before the command, and the service name, if any, before --\n/],
    [['exec', '', '--', 'true'], 1, /^Error: A service name must not be empty\n/],
    [['exec', 'a\nb', '--', 'true'], 1, /^Error: Service name 'a\\u000ab' must not contain control characters\n/],
    [['exec', 'apo', '--', 'true'], 1, /^Error: Unknown service 'apo' in project .*\nDid you mean 'api'\?\n/],
  ];
  const results = await Promise.all(failures.map(([line]) => box.candle(line)));
  for (const [index, [line, exitCode, sentence]] of failures.entries()) {
    expect({ line, ...results[index] }).toMatchObject({ line, stdout: '', exitCode });
    expect(results[index]?.stderr).toMatch(sentence);
    expect(results[index]?.stderr).not.toMatch(/^\s+at |node:internal/m);
  }
});

test('a script without #! runs in sh, as it does in a shell', async () => {
  const box = project();
  await runProgram('sh', ['-c', 'printf "echo run with %s\\n" \'$1\' > script; chmod +x script'], {
    cwd: box.projectDir,
    env: box.env,
  });
  expect(await box.candle(['exec', '--', './script', 'one'])).toEqual({
    stdout: 'run with one\n',
    stderr: '',
    exitCode: 0,
  });
});

describe('a signal', () => {
  test('sent to candle reaches the command exactly once; SIGKILL leaves no process behind', async () => {
    const box = project();
    const signals = ['SIGTERM', 'SIGHUP', 'SIGINT', 'SIGKILL'] as const;
    const results = signals.map(async (signal) => {
      const child = spawn(process.execPath, [bin, 'exec', '--', 'node', counts], { cwd: box.projectDir, env: box.env });
      let stdout = '';
      child.stdout.setEncoding('utf8').on('data', (text) => {
        stdout += text;
      });
      await until('the command has started', () => stdout.includes('up\n'));
      child.kill(signal);
      const [code, by] = await once(child, 'close');
      return { stdout, code, by };
    });
    const caught = (signal: string) => ({ stdout: `up\n${signal}\n`, code: 41, by: null });
    expect(await Promise.all(results)).toEqual([
      ...['SIGTERM', 'SIGHUP', 'SIGINT'].map(caught),
      { stdout: 'up\n', code: null, by: 'SIGKILL' },
    ]);
    expect(box.processes()).toEqual([]);
  });

  test('that ends the command ends candle in the same way', async () => {
    const box = project();
    const words = [bin, 'exec', '--', 'sh', '-c', 'kill -TERM $$'];
    const child = spawn(process.execPath, words, { cwd: box.projectDir, env: box.env, stdio: 'ignore' });
    expect(await once(child, 'close')).toEqual([null, 'SIGTERM']);
  });

  test.skipIf(!hasTerminals)(
    'from Ctrl-C reaches the command once, and the command has the terminal itself',
    async () => {
      const box = project();
      const script = `test -t 0 && test -t 1 && test -t 2 && exec node '${counts}'`;
      const { stdout, exitCode } = await inTerminal(box, 'up', 'interrupt', 'exec', '--', 'sh', '-c', script);
      expect({ stdout: stdout.replace('^C', ''), exitCode }).toEqual({ stdout: 'up\nSIGINT\n', exitCode: 41 });
    },
  );

  test('SIGPIPE ends a program whose reader has exited', async () => {
    const box = project();
    const { stdout, stderr, exitCode } = await box.candle(['exec', '--', 'sh', '-c', 'yes | head -1']);
    expect({ stdout, stderr, exitCode }).toEqual({ stdout: 'y\n', stderr: '', exitCode: 0 });
  });
});

test('stdin, stdout and stderr are blocking, as programs expect', async () => {
  const box = project();
  const show = 'for fd in 0 1 2; do grep flags /proc/self/fdinfo/$fd; done';
  const script = `echo in | "$0" "$1" exec api -- sh -c '${show}' 2>&1 | cat`;
  const options = { cwd: box.projectDir, env: box.env };
  const { stdout } = await runProgram('sh', ['-c', script, process.execPath, bin], options);
  const flags = [...stdout.matchAll(/flags:\s+(\d+)/g)].map(([, octal = '']) => Number.parseInt(octal, 8));
  const nonblocking = 0o4000;
  expect(flags.map((value) => value & nonblocking)).toEqual([0, 0, 0]);
});

test('inside a service, the command belongs to that service and ends with it', async () => {
  const script = 'echo "$CANDLE_SERVICE $CANDLE_RUN_ID"; exec sleep 987';
  const inner = `exec '${process.execPath}' '${bin}' exec other -- sh -c '${script}'`;
  const box = sandbox({
    config: {
      services: [
        { name: 'outer', shell: inner, ready: { log: 'other' } },
        { name: 'other', shell: 'true' },
      ],
    },
  });
  const { services } = await box.candleJson(['start', 'outer']);
  const { entries } = (await box.candleJson(['logs', 'outer'])).services[0];
  expect(entries).toContainEqual(expect.objectContaining({ text: `other ${services[0].runId}` }));
  await box.candle(['kill', 'outer']);
  expect(box.processes().filter(({ command }) => command.includes('sleep 987'))).toEqual([]);
});

test('the command gets variables with any name, and no shell is in between', async () => {
  const box = sandbox({
    config: { services: [{ name: 'api', shell: 'true', env: { 'spring.url': 'jdbc:x', 'a-b': '1' } }] },
  });
  const script = 'console.log(JSON.stringify([process.env["spring.url"], process.env["a-b"], process.env["x.y"]]))';
  const { stdout, exitCode } = await box.candle(['exec', 'api', '--', 'node', '-e', script], {
    env: { 'x.y': 'mine' },
  });
  expect({ found: JSON.parse(stdout), exitCode }).toEqual({ found: ['jdbc:x', '1', 'mine'], exitCode: 0 });
});

test('a command with an equals sign in its name, and one whose interpreter is missing, behave as in a shell', async () => {
  const box = project();
  const make = `printf '#!/bin/sh\\necho "$1"\\n' > a=b; printf '#!/nowhere\\n' > lost; chmod +x a=b lost`;
  await runProgram('sh', ['-c', make], { cwd: box.projectDir, env: box.env });
  expect(await box.candle(['exec', '--', './a=b', 'one'])).toMatchObject({ stdout: 'one\n', exitCode: 0 });
  expect(await box.candle(['exec', '--', './lost'])).toMatchObject({ stdout: '', exitCode: 127 });
});
