import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CompletedCommands, completeLine, matching } from './complete-line.ts';

const project = { type: 'option', helpValue: 'DIR' } as const;
const names = { names: { multiple: true } };
const commands: CompletedCommands = {
  start: {
    summary: 'Start services.',
    aliases: ['run'],
    args: names,
    flags: {
      project,
      bg: { type: 'boolean', exclusive: ['watch'] },
      watch: { type: 'boolean' },
      wait: { type: 'option', helpValue: 'SECONDS' },
      port: { type: 'option', helpValue: 'auto|N' },
    },
  },
  kill: { args: names, flags: { port: { type: 'option', helpValue: 'N' } } },
  env: { args: { name: {} }, flags: { format: { type: 'option', helpValue: 'shell|dotenv|json' } } },
  logs: { args: names, flags: { count: { type: 'option', char: 'n', helpValue: 'N' } } },
  exec: { args: { name: {} }, flags: { project } },
  'add-service': { args: { name: {} }, flags: {} },
  'get-doc': { args: { name: {} }, flags: {} },
  send: { args: { name: {}, text: {} }, flags: {} },
  url: { args: { name: {} }, flags: {} },
  'who-has': { args: { port: {} }, flags: {} },
  trust: { args: { dir: {} }, flags: {} },
  completion: { args: { action: { options: ['install', 'bash'] } }, flags: {} },
  plugins: { summary: 'List plugins.', args: {}, flags: {} },
  'plugins:install': { summary: 'Install plugins.', args: { plugin: { multiple: true } }, flags: {} },
  'plugins:uninstall': { args: { plugin: { multiple: true } }, flags: {} },
  secret: { hidden: true, args: {}, flags: {} },
};

/** What may follow, as text; the word at the cursor is after the last space. */
function at(line: string) {
  const completion = completeLine(commands, line.split(' '));
  return {
    ...completion,
    values: matching(completion, completion.candidates).map(({ value }) => value),
  };
}

describe('commands', () => {
  test('the first word is a command, but neither an alias nor a hidden command', () => {
    expect(at('').values).toEqual(Object.keys(commands).filter((id) => id !== 'secret' && !id.includes(':')));
    expect(at('s').values).toEqual(['start', 'send']);
  });

  test('the second word of a command comes before its flags', () => {
    expect(at('plugins ').values).toEqual(['install', 'uninstall', '--help']);
    expect(at('plugins un').values).toEqual(['uninstall']);
    expect(at('plugins install x').values).toEqual([]);
  });

  test('after an unknown command, nothing follows', () => {
    expect(at('nonsense ')).toMatchObject({ values: [], sources: [], paths: 'none' });
  });
});

describe('arguments', () => {
  test.each([
    ['start ', ['services']],
    ['run ', ['services']],
    ['start api ', ['services']],
    ['env api ', []],
    ['add-service ', []],
    ['get-doc ', ['pages']],
    ['send ', ['running-services']],
    ['url ', ['services-with-port']],
    ['who-has ', ['all-ports']],
    ['send api ', []],
    ['plugins install ', []],
    ['plugins uninstall ', ['plugins']],
    ['start --wait ', ['services']],
    ['logs -n 20 ', ['services']],
    ['kill -- ', ['services']],
  ])('%j takes %j', (line, sources) => {
    expect(at(line).sources).toEqual(sources);
  });

  test('fixed values and directories', () => {
    expect(at('completion ').values).toEqual(['install', 'bash']);
    expect(at('trust ').paths).toBe('directories');
  });

  test('a repeated argument does not take the same name twice', () => {
    const completion = completeLine(commands, ['start', 'api', '']);
    const services = ['api', 'web'].map((value) => ({ value, description: 'service' }));
    expect(matching(completion, services).map(({ value }) => value)).toEqual(['web']);
  });

  test('the words after -- of exec are another command line', () => {
    expect(at('exec api -- ')).toMatchObject({ paths: 'files', values: [], sources: [] });
    expect(at('exec api -- -').values).toEqual([]);
  });

  test('the names come from the project that the line names', () => {
    expect(at('start --project ../shop ').project).toBe('../shop');
    expect(at('start --project=../shop ').project).toBe('../shop');
    expect(at('start ').project).toBeUndefined();
  });
});

describe('flags', () => {
  test('each flag is offered once, and not with one that excludes it', () => {
    expect(at('start --').values).toEqual(['--project', '--bg', '--watch', '--wait', '--port', '--help']);
    expect(at('start --watch --').values).toEqual(['--project', '--wait', '--port', '--help']);
    expect(at('env api ').values).toEqual(['--format', '--help']);
  });

  test('values that the help shows in lower case', () => {
    expect(at('env --format ').values).toEqual(['shell', 'dotenv', 'json']);
    expect(at('env --format d').values).toEqual(['dotenv']);
    expect(at('env --format=d')).toMatchObject({ values: ['dotenv'], typed: 'd' });
    expect(at('start --port ').values).toEqual(['auto']);
  });

  test('directories and reserved ports', () => {
    expect(at('start --project ').paths).toBe('directories');
    expect(at('start --project=/e')).toMatchObject({ paths: 'directories', typed: '/e' });
    expect(at('kill --port ').sources).toEqual(['ports']);
    expect(at('start --port ').sources).toEqual([]);
  });
});

test('any line has an answer, whose candidates continue the last word', () => {
  const word = fc.oneof(
    fc.constantFrom(...Object.keys(commands), 'plugins', '--', '--port', '--port=', '-n', '-', '=', ''),
    fc.string({ unit: 'grapheme' }),
  );
  fc.assert(
    fc.property(fc.array(word), (words) => {
      const completion = completeLine(commands, words);
      for (const { value } of matching(completion, completion.candidates))
        expect(value.startsWith(completion.typed)).toBe(true);
    }),
  );
});

test('a name with control characters is not offered', () => {
  const names = ['a\u001b[2Jb', 'a\tb', 'a\nb', 'ab'].map((value) => ({ value, description: '' }));
  expect(matching(completeLine(commands, ['start', 'a']), names).map(({ value }) => value)).toEqual(['ab']);
});
