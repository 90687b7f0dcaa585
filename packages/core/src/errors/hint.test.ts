import { expect, test } from 'vitest';
import { CandleError } from './candle-error.ts';
import {
  advise,
  andThen,
  candle,
  commandsIn,
  type Hint,
  lines,
  phrase,
  program,
  renderHint,
  sentences,
} from './hint.ts';

const start = candle('start', 'api');
const logs = candle('logs', 'api');

test.each<[string, Hint, string]>([
  ['text', 'Choose another name', 'Choose another name'],
  ['a command after its purpose', advise('To start it', start), 'To start it: candle start api'],
  ['a command within a sentence', phrase('Run ', { command: start }, ', or not'), 'Run candle start api, or not'],
  ['a flag', phrase('Omit ', { option: 'regex' }), 'Omit --regex'],
  ['a flag with a value', { option: 'project', value: 'DIR', purpose: 'Pass it' }, 'Pass it: --project DIR'],
  ['an example', { instruction: 'Use a number', example: candle('logs', '-n', '9') }, 'Use a number: candle logs -n 9'],
  [
    'sentences',
    sentences('Nothing was changed', advise('To start it', start)),
    'Nothing was changed. To start it: candle start api',
  ],
  ['lines', lines('One', advise('To see why', logs)), 'One\nTo see why: candle logs api'],
  ['indented lines', phrase('- A\n  ', { indented: lines('One', 'Two') }), '- A\n  One\n  Two'],
  ['two commands', advise('Try', andThen(start, logs)), 'Try: candle start api && candle logs api'],
])('renders %s', (_, hint, text) => {
  expect(renderHint(hint)).toBe(text);
});

test('quotes arguments, but neither flags nor words that every shell reads literally', () => {
  const command = candle('start', "ada's api", '--shell', 'npm run dev', '--project', '/home/ada/my shop', '-n', '100');
  expect(renderHint({ command })).toBe(
    `candle start 'ada'\\''s api' --shell 'npm run dev' --project '/home/ada/my shop' -n 100`,
  );
  expect(renderHint({ command: program('kill', '--', '-4242') })).toBe('kill -- -4242');
  expect(renderHint({ command: candle('exec', '--', 'sh', '-c', '…') })).toBe('candle exec -- sh -c …');
});

test('finds every command, however deep', () => {
  const hint = lines(
    'Text that mentions candle ps',
    sentences('One', advise('To start it', start)),
    { option: 'regex' },
    phrase('- ', { indented: lines({ command: logs }) }),
    { instruction: 'Use a number', example: candle('logs', '-n', '9') },
  );
  expect(commandsIn(hint)).toEqual([start, logs, candle('logs', '-n', '9')]);
});

test('an error has its hint as text and in parts; an error of a plugin only as text', () => {
  class PlannedError extends CandleError {
    static readonly code = 'SERVICE_TEST';
  }
  const error = new PlannedError({ message: 'No', hint: advise('To start it', start) });
  expect(error).toMatchObject({ code: 'SERVICE_TEST', name: 'PlannedError', hint: 'To start it: candle start api' });
  expect(CandleError.hintOf(error)).toEqual(advise('To start it', start));
  expect(CandleError.hintOf({ hint: 'candle start api' })).toBe('candle start api');
  expect(CandleError.hintOf(new PlannedError({ message: 'No' }))).toBeUndefined();
});
