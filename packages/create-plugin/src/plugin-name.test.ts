import { expect, test } from 'vitest';
import { parsePluginName } from './plugin-name.ts';

test.each([
  ['hello', 'candle-plugin-hello', 'candle-plugin-hello', 'hello'],
  ['plugin-hello', 'candle-plugin-hello', 'candle-plugin-hello', 'hello'],
  ['candle-plugin-hello-you', 'candle-plugin-hello-you', 'candle-plugin-hello-you', 'hello-you'],
  ['@ada/plugin-hello', '@ada/plugin-hello', 'plugin-hello', 'hello'],
  ['@ada/hello', '@ada/hello', 'hello', 'hello'],
  ['2fa', 'candle-plugin-2fa', 'candle-plugin-2fa', '2fa'],
])('accepts the plugin name %s', (text, packageName, directory, command) => {
  expect(parsePluginName(text)).toEqual({ packageName, directory, command });
});

test.each(['', ' ', 'Hello', 'a b', '../x', 'x;rm', '$(id)', '@/x', '@ada', '-x', 'x-', '.', 'a\nb', 'x'.repeat(300)])(
  'rejects %j with a one-line message',
  (text) => {
    expect(() => parsePluginName(text)).toThrow(
      expect.objectContaining({ message: expect.stringMatching(/^'[^\n]*' is not a valid plugin name$/) }),
    );
  },
);

test('rejects names in the @candle scope, which only Candle can publish', () => {
  expect(() => parsePluginName('@candle/plugin-hello')).toThrow('@candle');
});
