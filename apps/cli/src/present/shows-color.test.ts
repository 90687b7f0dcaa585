import { expect, test } from 'vitest';
import { showsColor } from './shows-color.ts';

const terminal = { isTTY: true };
const pipe = {};

test.each([
  ['a terminal', terminal, {}, true],
  ['a pipe', pipe, {}, false],
  ['NO_COLOR on a terminal', terminal, { NO_COLOR: '1' }, false],
  ['an empty NO_COLOR on a terminal, which is ignored', terminal, { NO_COLOR: '' }, true],
  ['FORCE_COLOR on a pipe', pipe, { FORCE_COLOR: '1' }, true],
  ['an empty FORCE_COLOR on a pipe', pipe, { FORCE_COLOR: '' }, true],
  ['FORCE_COLOR=0 on a terminal', terminal, { FORCE_COLOR: '0' }, false],
  ['FORCE_COLOR and NO_COLOR on a pipe, where FORCE_COLOR decides', pipe, { FORCE_COLOR: '1', NO_COLOR: '1' }, true],
])('%s', (_, stream, env, expected) => {
  expect(showsColor(stream, env)).toBe(expected);
});
