import { expect, test } from 'vitest';
import { LiveText } from './live-text.ts';

/** A terminal of this height. `screen` is what it shows. */
function terminal(rows: number) {
  const written: string[] = [];
  const live = new LiveText({ rows, write: (text: string) => written.push(text) });
  const screen = () => {
    const lines: string[] = [''];
    const tokens = written.join('').replaceAll('\u001b[', '^[');
    for (const [token] of tokens.matchAll(/\^\[\??\d*[A-Za-z]|\r|\n|[^^\r\n]+/g)) {
      const up = /^\^\[(\d+)A$/.exec(token)?.[1];
      if (up !== undefined) lines.splice(-1 - Number(up));
      // The cursor is at the beginning of the erased line.
      if (up !== undefined || token === '\n') lines.push('');
      else if (!token.startsWith('^[') && token !== '\r') lines[lines.length - 1] += token;
    }
    return lines.join('\n');
  };
  return { live, written, screen };
}

test('each text replaces the previous one', () => {
  const { live, screen } = terminal(10);
  live.show('a\nb\nc');
  live.show('d\ne');
  expect(screen()).toBe('d\ne\n');
  live.clear();
  expect(screen()).toBe('');
  live.show('f');
  expect(screen()).toBe('f\n');
});

test('a text that has not changed is not written again', () => {
  const { live, written } = terminal(10);
  live.show('a');
  live.show('a');
  expect(written).toHaveLength(1);
});

test('a text that is higher than the terminal is cut, so that all of it can be replaced', () => {
  const { live, screen } = terminal(4);
  live.show('a\nb\nc\nd\ne');
  expect(screen()).toBe('a\nb\n… and 3 more\n');
  live.show('f');
  expect(screen()).toBe('f\n');
});

test('a terminal without a height has 24 rows', () => {
  const { live, screen } = terminal(0);
  live.show('a\nb');
  expect(screen()).toBe('a\nb\n');
});
