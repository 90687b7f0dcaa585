import { renderHint } from '@candle/core/errors';
import { expect, test } from 'vitest';
import { adviseOnQuestion, isQuestion } from './send.ts';

test.each([
  'Ok to proceed? (y) ',
  '? Port 3000 is in use. Use another one? › (Y/n)',
  'Overwrite config.json? [y/N]:',
  'Which database?',
  'Press any key to continue . . .',
])('a program that prints this may wait for input: %s', (text) => {
  for (const isPartial of [true, false]) expect(isQuestion({ text, isPartial })).toBe(true);
});

test.each(['Password: ', '? Project name › shop', 'Continue [y/n] ', 'mysql> ', '(Pdb) '])(
  'a line without a newline may be a prompt: %s',
  (text) => {
    expect(isQuestion({ text, isPartial: true })).toBe(true);
    expect(isQuestion({ text, isPartial: false })).toBe(false);
  },
);

test.each(['Compiling... (3/10)', '[#####     ]', 'Why? Because it is slow', 'Waiting', ''])(
  'this is none: %s',
  (text) => {
    expect(isQuestion({ text, isPartial: true })).toBe(false);
  },
);

test.each([
  [{ enableStdin: true, tty: true }, 'To answer: candle send api TEXT'],
  [{ enableStdin: true }, 'To answer: candle send api TEXT'],
  [
    { enableStdin: false },
    'To answer, add "enableStdin": true to the service in .candle.json, or "tty": true if its program needs a terminal: candle restart api && candle send api TEXT',
  ],
  [
    { enableStdin: false, tty: true },
    'To answer, remove "enableStdin": false from the service in .candle.json: candle restart api && candle send api TEXT',
  ],
])('says how to answer a service with %o', (launch, expected) => {
  expect(renderHint(adviseOnQuestion('name?', { serviceName: 'api', ...launch }))).toBe(
    `It may be waiting for the answer to its last line: 'name?'\n${expected}`,
  );
});
