import fc from 'fast-check';
import type { NamedValue } from '../src/present/environment.ts';

/** Text that is hard to quote, and any other characters of a value except the null character. */
const piece = fc.oneof(
  fc.constantFrom(
    "'",
    '"',
    '`',
    '\\',
    '\n',
    '\r',
    '\\n',
    '\\r',
    '$',
    '$HOME',
    '$(id)',
    '`id`',
    '#',
    '=',
    ' ',
    '\t',
    '!',
  ),
  fc.string({ unit: 'grapheme', maxLength: 6 }).map((text) => text.replaceAll('\0', '')),
);

/** For property tests: variables with unique names that every format can write, and arbitrary values. */
export const randomVariables: fc.Arbitrary<readonly NamedValue[]> = fc.uniqueArray(
  fc.record({
    name: fc.stringMatching(/^[A-Z][A-Z0-9_]{0,8}$/).map((name) => `V_${name}`),
    value: fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join('')),
  }),
  { selector: ({ name }) => name, maxLength: 20 },
);
