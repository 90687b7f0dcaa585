import { Args, Flags, Parser } from '@oclif/core';
import { expect, test } from 'vitest';
import { toUsageError, UsageError } from './usage-error.ts';

const input = {
  args: { name: Args.string({ required: true, ignoreStdin: true }) },
  flags: {
    all: Flags.boolean(),
    port: Flags.string(),
    shell: Flags.string({ dependsOn: ['port'], exclusive: ['all'] }),
  },
};

/** Returns the error that oclif's parser throws for a command line. */
async function failure(...argv: string[]): Promise<unknown> {
  return Parser.parse(argv, input).catch((error: unknown) => error);
}

test.each([
  [[], 'Missing argument: name'],
  [['api', 'web', 'x\u001b[2J'], "Unexpected arguments: 'web', 'x\\u001b[2J'"],
  [['api', '--nope'], 'Unknown flag: --nope'],
  [['api', '--port'], /^Flag --port expects a value/],
  [['api', '--shell', 'x'], '--shell requires --port'],
  [['api', '--shell', 'x', '--port', '1', '--all'], '--all cannot be combined with --shell'],
] as const)('the oclif error for %j becomes one sentence', async (argv, sentence) => {
  const error = toUsageError(await failure(...argv), 'kill');
  expect(error).toBeInstanceOf(UsageError);
  expect(error).toMatchObject({ code: 'USAGE', exitCode: 1, hint: 'For help: candle kill --help' });
  const { message } = error as UsageError;
  expect(message).not.toMatch(/\n|See more help/);
  if (typeof sentence === 'string') expect(message).toBe(sentence);
  else expect(message).toMatch(sentence);
});

test.each([
  [['--al'], 'Unknown flag: --al; did you mean --all?'],
  [['--al=yes', '--prot', '1'], 'Unknown flags: --al=yes, --prot; did you mean --all --port?'],
  [['--a'], 'Unknown flag: --a'],
  [['-z'], 'Unknown flag: -z'],
])('%j: %s', async (argv, message) => {
  const byFirstLetters = (name: string, known: readonly string[]) =>
    known.find((each) => name.length > 1 && each.startsWith(name.slice(0, 2)));
  const nearest = (name: string, known: readonly string[]) => (name === 'prot' ? 'port' : byFirstLetters(name, known));
  expect(toUsageError(await failure('api', ...argv), 'kill', nearest)).toMatchObject({ message });
});

test.each([
  [['--tail', '5'], 'Unknown flag: --tail; did you mean -n?'],
  [['--lines=5', '--tail'], 'Unknown flags: --lines=5, --tail; did you mean -n?'],
  [['-a'], 'Unknown flag: -a; did you mean --all?'],
  [['--n', '5'], 'Unknown flag: --n; did you mean -n?'],
  [['-t'], 'Unknown flag: -t'],
])('%j, a flag of other tools: %s', async (argv, message) => {
  const flags = {
    count: Flags.string({ char: 'n' }),
    all: Flags.boolean(),
    timestamps: Flags.boolean({ hidden: true }),
  };
  const error: unknown = await Parser.parse(argv, { args: {}, flags, strict: false }).catch((error: unknown) => error);
  expect(toUsageError(error, 'logs')).toMatchObject({ message });
});

test('hidden flags are not suggested, and aliases, negations and --help are', async () => {
  const flags = {
    detach: Flags.boolean({ aliases: ['bg', 'd'] }),
    color: Flags.boolean({ allowNo: true }),
    old: Flags.boolean({ hidden: true }),
  };
  const error: unknown = await Parser.parse(['--x'], { args: {}, flags }).catch((error: unknown) => error);
  let names: readonly string[] = [];
  toUsageError(error, 'up', (_, known) => {
    names = known;
    return undefined;
  });
  expect(names).toEqual(['detach', 'bg', 'color', 'no-color', 'help']);
});

test('a missing flag is reported with its dashes', async () => {
  const required = { args: {}, flags: { message: Flags.string({ required: true }) } };
  const error: unknown = await Parser.parse([], required).catch((error: unknown) => error);
  expect(toUsageError(error, 'wait-for-log')).toMatchObject({ message: 'Missing required flag --message' });
});

test('an error that does not come from oclif is returned unchanged', () => {
  const bug = new TypeError('x is undefined');
  expect(toUsageError(bug, 'kill')).toBe(bug);
});
