import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Sandbox, until } from '@candle/test-kit';
import { describe, expect, onTestFinished, test } from 'vitest';
import { inPart, runsAll, testInFull } from '../bounded.ts';
import { linkPlugin } from '../plugins/linked-plugin.ts';
import { bin, sandbox } from '../sandbox.ts';

/** Names that create the file `evaluated` or change in some shell unless each character of them is quoted. */
const hostile = [
  'x\'"$(touch evaluated)`touch evaluated`"\'!!x; touch evaluated & * ?[a]{b,c}\\ |<>()~#^,:=@%é',
  "it's $(touch evaluated)",
  'a $(touch evaluated) b',
  'c"$(touch evaluated)"',
  'k`touch evaluated`',
  'e!!x!$',
  '~root',
  "f\\'$(touch evaluated)",
  'g;touch evaluated',
  'h*?[a]{b,c}',
  '#1',
  'j:k=l@m n',
  '%k',
  '$HOME',
  '=ls',
  'é$(touch evaluated)',
  '!!',
];

const names = [...hostile, 'web ui', 'db:1'];

/** A word whose beginning is typed, so that Tab adds the rest and Enter runs the line. */
interface TypedWord {
  readonly typed: string;
  readonly word: string;
  /** What closes an open quote that the shell leaves open. */
  readonly end?: string;
}

const quotes = ['', "'", '"'];

const typedAfterQuotes = (name: string): readonly TypedWord[] =>
  quotes.map((quote) => ({ typed: `start ${typedStart(name, quote)}`, word: `start ${name}` }));

/** The first character of a name, after an open quote. */
function typedStart(name: string, quote: string): string {
  const [first = ''] = name;
  return quote + (quote === '"' && first === '$' ? '\\$' : quote === '' && /[^a-z]/.test(first) ? `\\${first}` : first);
}

/** Each shell as a person starts it, with what makes its prompt short. */
const shells = {
  bash: { command: ['bash'], tabsForList: 2 },
  zsh: { command: ['zsh'], tabsForList: 1 },
  fish: { command: ['fish', '-C', 'set -g fish_autosuggestion_enabled 0'], tabsForList: 1 },
} as const;

type Shell = keyof typeof shells;

/** The Debian packages that a test of a shell needs and that are missing. */
function missingPackages(shell: Shell): readonly string[] {
  return ['tmux', shell].filter((program) => spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0);
}

/** A shell in a terminal, in the directory of the project. */
interface Terminal {
  /** Types a line, presses Tab, and waits until the terminal shows a text. */
  tab(typed: string, shown: string, tabs?: number): Promise<void>;
  /** Types a line of each of these words, and waits until candle has been called with them. */
  enter(...words: readonly TypedWord[]): Promise<void>;
}

async function openTerminal(box: Sandbox, shell: Shell): Promise<Terminal> {
  const record = join(box.root, 'record');
  const script = `#!/bin/sh
[ "$1" = completion ] && exec '${process.execPath}' '${bin}' "$@"
printf '%s\\0' "$*" >>'${record}'
`;
  writeFileSync(record, '');
  writeFileSync(join(box.root, 'candle'), script, { mode: 0o755 });
  const variables = { PATH: `${box.root}:${box.env.PATH}`, TMUX_TMPDIR: box.root, TERM: 'xterm', LC_ALL: 'C.UTF-8' };
  const env = { ...box.env, ...variables };
  const tmux = (...words: string[]) => execFileSync('tmux', ['-f', '/dev/null', ...words], { env, encoding: 'utf8' });
  tmux('new-session', '-d', '-x', '120', '-y', '40', '-c', box.projectDir, ...shells[shell].command);
  onTestFinished(() => void tmux('kill-server'));
  const screen = () => tmux('capture-pane', '-p').trimEnd();
  const explain = screen;
  await until('the prompt is shown', () => /[#$%>]$/.test(screen()), { explain });
  return {
    async tab(typed, shown, tabs = 1) {
      tmux('send-keys', '-l', typed);
      await until('the line is shown', () => screen().includes(typed.trimEnd()), { explain });
      tmux('send-keys', ...Array.from({ length: tabs }, () => 'Tab'));
      await until(`${typed} is completed to ${shown}`, () => screen().includes(shown), { explain });
      tmux('send-keys', 'C-u', 'C-l');
      await until('the line is gone', () => !screen().includes('candle '), { explain });
    },
    async enter(...words) {
      for (const { typed, end = '' } of words) {
        tmux('send-keys', '-l', `candle ${typed}`);
        tmux('send-keys', 'Tab');
        if (end !== '') tmux('send-keys', '-l', end);
        tmux('send-keys', 'Enter');
      }
      const called = () => readFileSync(record, 'utf8').split('\0').slice(0, -1);
      await until('candle has been called', () => called().length >= words.length, { explain });
      expect(called().map((line) => line.replace(/\/$/, ''))).toEqual(words.map(({ word }) => word));
      writeFileSync(record, '');
      expect(existsSync(join(box.projectDir, 'evaluated'))).toBe(false);
    },
  };
}

/** A project with a reserved port, and the completion of a shell. */
async function installed(shell: Shell, services = names): Promise<{ readonly box: Sandbox; readonly port: number }> {
  const box = sandbox({ config: { services: services.map((name) => ({ name, shell: 'x' })) } });
  const { port } = await box.candleJson(['reserve-port', services.at(-1) ?? '']);
  const env = { SHELL: `/usr/bin/${shell}` };
  expect(await box.candle(['completion', 'install'], { env })).toMatchObject({ exitCode: 0 });
  return { box, port };
}

for (const [shell, { tabsForList }] of Object.entries(shells) as [Shell, (typeof shells)[Shell]][]) {
  const missing = missingPackages(shell);
  const needs = missing.length === 0 ? '' : ` (needs: apt-get install ${missing.join(' ')})`;

  describe.skipIf(missing.length > 0)(`${shell}${needs}`, () => {
    test('Tab completes ports and names with any character, and evaluates none', async () => {
      const { box, port } = await installed(shell);
      const { tab, enter } = await openTerminal(box, shell);
      await tab('candle kill --port ', `candle kill --port ${port}`);
      await tab('candle start db:', 'candle start db:1');
      await tab('candle start we', 'candle start web\\ ui');
      await tab('candle start ', 'db:1', tabsForList);
      await enter(...hostile.slice(0, runsAll ? undefined : 1).flatMap(typedAfterQuotes));
    });

    // readline replaces an open quote with a text that begins with one.
    inPart(0).each(["'$(touch evaluated)'!", '"$(touch evaluated)"!', '!$(touch evaluated)', "'", '"'])(
      'Tab completes the name %s after a quote',
      async (name) => {
        const { box } = await installed(shell, [name]);
        const { enter } = await openTerminal(box, shell);
        await enter(...quotes.map((quote) => ({ typed: `start ${quote}`, word: `start ${name}` })));
      },
    );

    testInFull('Tab evaluates nothing in the names of directories and in the values of flags', async () => {
      const { box } = await installed(shell);
      const name = 'dir $(touch evaluated)"\'`touch evaluated`!x\\*~é';
      mkdirSync(join(box.projectDir, name, 'below'), { recursive: true });
      mkdirSync(join(box.projectDir, '$(touch evaluated)', 'below'), { recursive: true });
      const { enter } = await openTerminal(box, shell);
      // bash closes a quote after a directory, and zsh replaces one that is not at the beginning of the word.
      const words = quotes.flatMap((quote) => [
        { typed: `start --project ${quote}di`, word: `start --project ${name}`, end: shell === 'bash' ? '' : quote },
        { typed: `start --project=${quote}di`, word: `start --project=${name}`, end: shell === 'fish' ? quote : '' },
      ]);
      await enter(
        ...words,
        {
          typed: "start --project '$(touch evaluated)'/be",
          word: 'start --project $(touch evaluated)/below',
          end: shell === 'zsh' ? "'" : '',
        },
        { typed: 'start --project \\$\\(touch\\ evaluated\\)/be', word: 'start --project $(touch evaluated)/below' },
        { typed: "env '--format=d", word: 'env --format=dotenv' },
      );
    });

    testInFull('Tab completes commands, also of plugins, flags, values, pages, plugins and directories', async () => {
      const { box } = await installed(shell);
      const plugin = await linkPlugin(box, 'plugin-hello');
      const hello = { id: 'hello', summary: 'Say hello.', args: {}, flags: { loud: { type: 'boolean' } } };
      const manifest = { version: '1.0.0', commands: { hello } };
      writeFileSync(join(plugin, 'oclif.manifest.json'), JSON.stringify(manifest));
      const { tab } = await openTerminal(box, shell);
      await tab('candle who', 'candle who-has');
      await tab('candle hel', 'hello', tabsForList);
      await tab('candle env --format=d', 'candle env --format=dotenv');
      await tab('candle hello --l', 'candle hello --loud');
      await tab('candle plugins uninstall c', 'candle plugins uninstall candle-plugin-hello');
      await tab('candle get-doc replaced', 'candle get-doc replaced-database');
      await tab('candle help replaced', 'candle help replaced-database');
      await tab(`candle start --project ${box.root}/ho`, `candle start --project ${box.root}/home/`);
      await tab(`candle start --project=${box.root}/ho`, `candle start --project=${box.root}/home/`);
      await tab('candle exec -- /etc/hostn', 'candle exec -- /etc/hostname');
      await tab('candle start web\\ ui --wa', '--watch', tabsForList);
    });

    testInFull('the shell starts as usual after the program was deleted, and after the uninstallation', async () => {
      const { box } = await installed(shell);
      const change = async (...words: string[]) => (await box.candle(['completion', ...words, shell])).stdout;
      const script = (await change('uninstall')).match(/^(\S+): deleted$/m)?.[1] ?? '';
      expect(existsSync(script)).toBe(false);
      await change('install');
      rmSync(script);
      const { stdout, stderr } = spawnSync(shell, ['-i', '-c', 'echo ok'], { env: { ...box.env }, encoding: 'utf8' });
      expect({ stdout, isAboutCandle: stderr.includes('completion') }).toEqual({
        stdout: 'ok\n',
        isAboutCandle: false,
      });
    });
  });
}

const bashCompletion = '/usr/share/bash-completion/bash_completion';

test.runIf(runsAll && existsSync(bashCompletion) && missingPackages('bash').length === 0)(
  'where bash loads bash-completion (apt-get install bash-completion), .bashrc stays as it is',
  async () => {
    const box = sandbox({ config: { services: { 'db:1': { shell: 'x' } } } });
    writeFileSync(join(box.home, '.bashrc'), `. ${bashCompletion}\n`);
    expect((await box.candle(['completion', 'install', 'bash'])).stdout).toMatch(/^\S+: written\n$/);
    const { tab } = await openTerminal(box, 'bash');
    await tab('candle who', 'candle who-has');
    await tab('candle start db:', 'candle start db:1');
    await tab('candle env --format=d', 'candle env --format=dotenv');
  },
);

test('installing twice changes nothing, and uninstalling restores the startup file', async () => {
  const box = sandbox();
  const startup = join(box.home, '.bashrc');
  writeFileSync(startup, 'alias ll="ls -l"\n');
  const run = (...words: string[]) => box.candle(['completion', ...words]);
  expect(await run('install', 'bash')).toMatchObject({
    exitCode: 0,
    stdout: `${box.home}/.local/share/bash-completion/completions/candle: written\n${startup}: lines added\n`,
    stderr: 'Open a new shell to use it. To undo: candle completion uninstall bash\n',
  });
  expect(await run('install', 'bash')).toMatchObject({ stdout: 'The completion for bash is already installed\n' });
  expect((await run('uninstall', 'bash')).stdout).toMatch(/: lines removed\n.+: deleted\n$/);
  expect(readFileSync(startup, 'utf8')).toBe('alias ll="ls -l"\n');
  expect(await run('uninstall', 'bash')).toMatchObject({ stdout: 'The completion for bash is not installed\n' });
});

test('an unknown or missing shell is an error that names the known ones', async () => {
  const box = sandbox();
  expect(await box.candle(['completion', 'install'], { env: { SHELL: '/bin/nu' } })).toMatchObject({
    exitCode: 1,
    stderr:
      "Error: Candle has no completion for your shell: SHELL is '/bin/nu'\nWrite its name: bash, zsh or fish. For example: candle completion install bash\n",
  });
  expect(await box.candle(['completion', 'nu'])).toMatchObject({ exitCode: 1 });
});

test('a completion prints nothing but candidates, and creates no state', async () => {
  const box = sandbox({ config: '{ broken' });
  for (const words of [['start', ''], ['kill', '--port', ''], ['nonsense', ''], []]) {
    const result = await box.candle(['completion', 'complete', '--', ...words]);
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    expect(result.stdout).toMatch(/:\d+\n$/);
  }
  expect(existsSync(box.stateDir)).toBe(false);
});

test('a command is completed with the services that it accepts, and a page also by a link to it', async () => {
  const box = sandbox({
    config: {
      services: {
        api: { shell: 'exec sleep 1000', port: 'auto' },
        worker: { shell: 'exec sleep 1000' },
        'web port': { shell: 'exec sleep 1000', port: 'auto' },
      },
    },
  });
  const complete = async (...words: string[]) => {
    const { stdout } = await box.candle(['completion', 'complete', '--', ...words]);
    return stdout.split('\n').flatMap((line) => (/^:|^$/.test(line) ? [] : line.split('\t', 1)));
  };
  await box.candle(['start', 'worker']);
  // A completion does not wait for a database that the supervisor has locked.
  const offered = (names: readonly string[], ...words: string[]) =>
    until(`${words[0]} is completed with ${names}`, async () => `${await complete(...words)}` === `${names}`);
  await offered(['worker'], 'send', '');
  await offered(['api', 'web port'], 'open', '');
  await offered(['web port'], 'url', 'w');
  await offered(['worker', 'web port'], 'kill', 'w');
  expect(await complete('who-has', 'w')).toEqual([]);
  expect(await complete('get-doc', 'guides/expr')).toEqual(['guides/expressions']);
  await box.candle(['kill', 'worker']);
  await offered([], 'send', '');
});
