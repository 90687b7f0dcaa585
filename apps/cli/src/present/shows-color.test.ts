import { expect, test } from 'vitest';
import { showsColor } from './shows-color.ts';

const terminal = { isTTY: true };
const pipe = {};

test.each([
  ['a terminal', terminal, {}, true],
  ['no terminal', pipe, {}, false],
  ['NO_COLOR on a terminal', terminal, { NO_COLOR: '1' }, false],
  ['an empty NO_COLOR, which counts as none', terminal, { NO_COLOR: '' }, true],
  ['FORCE_COLOR off a terminal', pipe, { FORCE_COLOR: '1' }, true],
  ['an empty FORCE_COLOR off a terminal', pipe, { FORCE_COLOR: '' }, true],
  ['FORCE_COLOR=0 on a terminal', terminal, { FORCE_COLOR: '0' }, false],
  ['both: FORCE_COLOR decides', pipe, { FORCE_COLOR: '1', NO_COLOR: '1' }, true],
])('%s', (_, stream, env, expected) => {
  expect(showsColor(stream, env)).toBe(expected);
});
