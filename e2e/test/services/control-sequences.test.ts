import { until } from '@candle/test-kit';
import { describe, expect, test } from 'vitest';
import { hasTerminals, inTerminal } from '../in-terminal.ts';
import { sandbox } from '../sandbox.ts';

/** Each of them controls a terminal, reports something to the program, or disguises the text that follows. */
const hostile: Readonly<Record<string, string>> = {
  'clears the screen': '\\033[2J',
  'clears the scrollback': '\\033[3J',
  'moves the cursor': '\\033[H',
  'hides the cursor': '\\033[?25l',
  'changes to the alternate screen': '\\033[?1049h',
  'sets the title': '\\033]0;title\\007',
  'opens a link': '\\033]8;;http://a.test\\033\\\\',
  'writes to the clipboard': '\\033]52;c;aGk=\\007',
  'asks for the position': '\\033[6n',
  'asks for the device': '\\033[c',
  'sets a mode of the keyboard': '\\033[>4;1m',
  'resets the terminal': '\\033c',
  'rings the bell': '\\007',
  'goes back': '\\b',
  'begins a sequence with one byte': '\\302\\233' + '2J',
  'overrides the direction of text': '\\342\\200\\256',
};

const prints = `printf '${Object.values(hostile)
  .map((sequence, at) => `line ${at} ${sequence}end\\n`)
  .join('')}'`;
// A line that begins with a hyphen would be an option of printf.
const shell = `${prints}; printf '\\033[31mred\\nplain\\n'; exec sleep 1000`;
const config = { services: [{ name: 'api', shell, ready: false }] };

/** Everything that is left after the colors and Candle's own resets are removed. */
function withoutColors(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it matches colors
  return text.replace(/\u001b\[[\d;]*m/g, '');
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: it finds what controls a terminal
const control = /[\u0001-\u0008\u000b-\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

const lines = [...Object.keys(hostile).map((_, at) => `line ${at} end`), 'red', 'plain'];

async function started() {
  const box = sandbox({ config });
  await box.candle(['start']);
  await until('all lines are printed', async () => (await box.candle(['logs', 'api'])).stdout.includes('plain'));
  return box;
}

test('without a terminal, no sequence of a service passes', async () => {
  const box = await started();
  const { stdout } = await box.candle(['logs', 'api']);
  expect(stdout.trimEnd().split('\n')).toEqual(lines);
  const { services } = await box.candleJson(['logs', 'api']);
  const texts = services[0].entries.flatMap((entry: { text?: string }) => entry.text ?? []);
  expect(texts).toEqual(lines);
});

describe.skipIf(!hasTerminals)('on a terminal', () => {
  test('only colors of a service pass, and they end with their line', async () => {
    const box = await started();
    const shown = [
      (await inTerminal(box, '', 'wait', 'logs', 'api')).stdout,
      (await inTerminal(box, 'plain', 'interrupt', 'start')).stdout,
    ];
    for (const text of shown) {
      expect(text).toContain('\u001b[31mred\u001b[0m\nplain\n');
      expect(withoutColors(text)).not.toMatch(control);
      expect(withoutColors(text)).toContain(`${lines.join('\n')}\n`);
    }
  });
});

test('the commands, the directories and the errors of a project control no terminal', async () => {
  const evil = '# \u001b]52;c;aGk=\u0007\u001b[2J\u009b2J\u202e';
  const box = sandbox({
    config: {
      services: [
        { name: 'api', shell: `${evil}\nexit 3`, root: 'a\u001b[2Jb' },
        { name: 'web', shell: evil },
      ],
    },
  });
  box.writeFile('a\u001b[2Jb/any', '');
  const commands = [[], ['list'], ['list', '--all'], ['start', 'api'], ['start', 'web'], ['logs'], ['ps', '--all']];
  for (const command of [...commands, ['list', '--json'], ['start', 'api', '--json']]) {
    const { stdout, stderr } = await box.candle(command, { env: { FORCE_COLOR: '1' } });
    expect({ command, text: withoutColors(`${stdout}${stderr}`) }).toEqual({
      command,
      text: expect.not.stringMatching(control),
    });
  }
  expect((await box.candle(['list'])).stdout).toContain(
    'Command:   # \\u001b]52;c;aGk=\\u0007\\u001b[2J\\u009b2J\\u202e',
  );
});

test('a line that is rewritten shows its last state, and a search finds every state', async () => {
  const bar = "for n in 10 20 100; do printf '\\r%s %%' $n; sleep 0.3; done; printf '\\r\\033[K\\n'; echo done";
  const box = sandbox({ config: { services: [{ name: 'api', shell: bar, ready: false }] } });
  const { stdout } = await box.candle(['start', '--watch']);
  expect(stdout).toMatch(/\]\n100 %\ndone\n$/);
  expect((await box.candle(['logs', 'api'])).stdout).toMatch(/^100 %\ndone\n/);
  const texts = async (...args: string[]) =>
    (await box.candleJson(['logs', 'api', ...args])).services[0].entries.flatMap(
      (entry: { text?: string }) => entry.text ?? [],
    );
  expect(await texts()).toEqual(['100 %', 'done']);
  expect(await texts('--grep', '20 %')).toEqual(['100 %']);
  expect(await texts('--grep', '^10 %$', '--regex')).toEqual(['100 %']);
});

test.skipIf(!hasTerminals)('on a terminal, a line that is rewritten is replaced in place', async () => {
  const bar = "n=0; while sleep 0.3; do n=$((n + 1)); printf '%s %%\\r' $n; done";
  const box = sandbox({ config: { services: [{ name: 'api', shell: bar, ready: false }] } });
  const { stdout } = await inTerminal(box, '\u001b[K', 'interrupt', 'start');
  expect(stdout).toContain(' %\r\u001b[K');
});
