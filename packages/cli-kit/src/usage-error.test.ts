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

test('a missing flag is reported with its dashes', async () => {
  const required = { args: {}, flags: { message: Flags.string({ required: true }) } };
  const error: unknown = await Parser.parse([], required).catch((error: unknown) => error);
  expect(toUsageError(error, 'wait-for-log')).toMatchObject({ message: 'Missing required flag --message' });
});

test('an error that does not come from oclif is returned unchanged', () => {
  const bug = new TypeError('x is undefined');
  expect(toUsageError(bug, 'kill')).toBe(bug);
});
