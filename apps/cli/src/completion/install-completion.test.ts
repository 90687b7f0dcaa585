import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  completionFiles,
  getShell,
  installCompletion,
  loadsBashCompletion,
  mark,
  uninstallCompletion,
  withLines,
} from './install-completion.ts';

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'candle-completion-'));
});
afterEach(() => rmSync(home, { recursive: true }));

const program = `# A program.\n# ${mark}.\n`;
const linux = { platform: 'linux', hasBashCompletion: false };

describe('the files of a shell', () => {
  const at = '/home/ada';
  test.each([
    ['bash', {}, '.local/share/bash-completion/completions/candle', '.bashrc'],
    ['bash', { XDG_DATA_HOME: '/home/ada/d' }, 'd/bash-completion/completions/candle', '.bashrc'],
    ['bash', { BASH_COMPLETION_USER_DIR: '/home/ada/b' }, 'b/completions/candle', '.bashrc'],
    ['zsh', {}, '.local/share/zsh/site-functions/_candle', '.zshrc'],
    [
      'zsh',
      { ZDOTDIR: '/home/ada/z', XDG_DATA_HOME: 'relative' },
      '.local/share/zsh/site-functions/_candle',
      'z/.zshrc',
    ],
    ['fish', {}, '.config/fish/completions/candle.fish', undefined],
    ['fish', { XDG_CONFIG_HOME: '/home/ada/c' }, 'c/fish/completions/candle.fish', undefined],
  ] as const)('of %s with %o', (shell, env, script, startup) => {
    expect(completionFiles(shell, { env, home: at, ...linux })).toEqual({
      shell,
      script: join(at, script),
      startup: startup && join(at, startup),
    });
  });

  test('bash needs no lines where it loads bash-completion, and other lines on macOS', () => {
    const files = (others: object) => completionFiles('bash', { env: {}, home: at, ...linux, ...others }).startup;
    expect(files({ hasBashCompletion: true })).toBeUndefined();
    expect(files({ platform: 'darwin' })).toBe('/home/ada/.bash_profile');
  });

  test('bash loads bash-completion if a startup file names an existing file of it', () => {
    const library = join(home, 'bash_completion');
    const loads = (text: string) => {
      writeFileSync(join(home, '.bashrc'), text);
      return loadsBashCompletion({ home, platform: 'linux' });
    };
    expect(loads(`  . ${library}\n`)).toBe(false);
    writeFileSync(library, '');
    expect(loads(`if [ -f ${library} ]; then\n  . ${library}\nfi\n`)).toBe(true);
    expect(loads(`# . ${library}\n`)).toBe(false);
  });
});

test('the shell is the one in SHELL', () => {
  expect(getShell('/usr/bin/zsh')).toBe('zsh');
  for (const shell of ['/bin/nu', '', undefined])
    expect(() => getShell(shell)).toThrow(expect.objectContaining({ code: 'COMPLETION_SHELL_UNKNOWN' }));
});

describe('installing and uninstalling', () => {
  const files = () => completionFiles('zsh', { env: {}, home, ...linux });
  const startup = () => readFileSync(join(home, '.zshrc'), 'latin1');

  test('the startup file is as before afterwards, whatever its encoding is', () => {
    const before = 'caf\u00e9=1\n\u00ff\n';
    writeFileSync(join(home, '.zshrc'), before, 'latin1');
    chmodSync(join(home, '.zshrc'), 0o600);
    expect(installCompletion(files(), program).map(({ change }) => change)).toEqual(['written', 'lines added']);
    expect(startup().startsWith(before)).toBe(true);
    expect(installCompletion(files(), program)).toEqual([]);
    expect(statSync(join(home, '.zshrc')).mode & 0o777).toBe(0o600);
    expect(uninstallCompletion(files()).map(({ change }) => change)).toEqual(['lines removed', 'deleted']);
    expect(startup()).toBe(before);
    expect(uninstallCompletion(files())).toEqual([]);
  });

  test.each(['', 'a\n'])(
    'a startup file that the installation created is deleted, unless it has lines of others: %j',
    (others) => {
      installCompletion(files(), program);
      installCompletion(files(), `${program}new\n`);
      writeFileSync(join(home, '.zshrc'), startup() + others);
      expect(uninstallCompletion(files())).toHaveLength(2);
      expect(existsSync(join(home, '.zshrc'))).toBe(others !== '');
    },
  );

  test('an empty startup file of the user stays', () => {
    writeFileSync(join(home, '.zshrc'), '');
    installCompletion(files(), program);
    uninstallCompletion(files());
    expect(startup()).toBe('');
  });

  test('brings an earlier program and earlier lines up to date', () => {
    installCompletion(files(), program);
    writeFileSync(join(home, '.zshrc'), `a\n${startup().replace('source', '.')}b\n`);
    expect(installCompletion(files(), `${program}new\n`).map(({ change }) => change)).toEqual([
      'written',
      'lines replaced',
    ]);
    expect(startup()).toMatch(/^a\n# >>> [\s\S]*source [\s\S]*<<<\nb\n$/);
  });

  test('a startup file that is a symbolic link stays one', () => {
    mkdirSync(join(home, 'dotfiles'));
    writeFileSync(join(home, 'dotfiles/zshrc'), 'a\n');
    symlinkSync('dotfiles/zshrc', join(home, '.zshrc'));
    installCompletion(files(), program);
    expect(lstatSync(join(home, '.zshrc')).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(home, 'dotfiles/zshrc'), 'utf8')).toContain('# >>> candle completion >>>');
  });

  test('changes nothing if a file of somebody else has the name of the program', () => {
    const { script } = files();
    mkdirSync(dirname(script), { recursive: true });
    writeFileSync(script, '# Mine\n');
    expect(() => installCompletion(files(), program)).toThrow(
      expect.objectContaining({ code: 'COMPLETION_FILE_FOREIGN' }),
    );
    expect(uninstallCompletion(files())).toEqual([]);
    expect(readFileSync(script, 'utf8')).toBe('# Mine\n');
  });

  test('changes nothing if the lines in the startup file were changed', () => {
    installCompletion(files(), program);
    const changed = startup().replace('# <<<', '#');
    writeFileSync(join(home, '.zshrc'), changed);
    for (const change of [() => installCompletion(files(), `${program}new\n`), () => uninstallCompletion(files())])
      expect(change).toThrow(expect.objectContaining({ code: 'COMPLETION_LINES_CHANGED' }));
    expect(startup()).toBe(changed);
    expect(readFileSync(files().script, 'utf8')).toBe(program);
  });

  test('reports a file that cannot be written', () => {
    writeFileSync(join(home, '.local'), '');
    expect(() => installCompletion(files(), program)).toThrow(
      expect.objectContaining({ code: 'COMPLETION_NOT_WRITABLE' }),
    );
  });
});

test('lines are added and removed without changing any other line', () => {
  const lines = '# >>> candle completion >>>\nx\n# <<< candle completion <<<\n';
  fc.assert(
    fc.property(fc.array(fc.string()), (texts) => {
      const text = texts.map((line) => `${line}\n`).join('');
      const added = withLines(text, lines, '/f');
      expect(added).toBe(text + lines);
      expect(withLines(added, lines, '/f')).toBe(added);
      expect(withLines(added, '', '/f')).toBe(text);
    }),
  );
});
