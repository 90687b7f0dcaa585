import { expect, test } from 'vitest';
import { parsePluginName } from './plugin-name.ts';

test.each([
  ['hello', 'candle-plugin-hello', 'candle-plugin-hello', 'hello'],
  ['plugin-hello', 'candle-plugin-hello', 'candle-plugin-hello', 'hello'],
  ['candle-plugin-hello-you', 'candle-plugin-hello-you', 'candle-plugin-hello-you', 'hello-you'],
  ['@ada/plugin-hello', '@ada/plugin-hello', 'plugin-hello', 'hello'],
  ['@ada/hello', '@ada/hello', 'hello', 'hello'],
  ['2fa', 'candle-plugin-2fa', 'candle-plugin-2fa', '2fa'],
])('%s is a plugin', (text, packageName, directory, command) => {
  expect(parsePluginName(text)).toEqual({ packageName, directory, command });
});

test.each(['', ' ', 'Hello', 'a b', '../x', 'x;rm', '$(id)', '@/x', '@ada', '-x', 'x-', '.', 'a\nb', 'x'.repeat(300)])(
  '%j is refused with a sentence',
  (text) => {
    expect(() => parsePluginName(text)).toThrow(
      expect.objectContaining({ message: expect.stringMatching(/^'[^\n]*' cannot be the name of a plugin$/) }),
    );
  },
);

test('a name in the scope of Candle is refused, as nobody else can publish it', () => {
  expect(() => parsePluginName('@candle/plugin-hello')).toThrow('@candle');
});
