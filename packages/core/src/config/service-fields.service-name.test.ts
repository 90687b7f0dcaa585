import { expect, test } from 'vitest';
import { InvalidServiceNameError } from './service-errors.ts';
import { findVariablePrefix, parseServiceName } from './service-fields.ts';

test.each([
  'api',
  'my api',
  'a/b',
  'a\\b',
  '@scope/api',
  'a.b',
  '...',
  'a..b',
  'données',
  '👩‍👩‍👧',
  '__proto__',
  '1',
  'a-',
])('%j is a service name', (name) => {
  expect(parseServiceName(name)).toBe(name);
});

test('a name can have up to 100 code points', () => {
  expect(parseServiceName('🙂'.repeat(100))).toHaveLength(200);
  expect(() => parseServiceName('a'.repeat(101))).toThrow('must be at most 100 characters long');
});

test.each([
  ['', 'A service name must not be empty'],
  ['-x', "Service name '-x' must not begin with '-'"],
  [' api', "Service name ' api' must not begin or end with white space"],
  ['api\u00a0', 'must not begin or end with white space'],
  ['   ', 'must not begin or end with white space'],
  ['a\nb', "Service name 'a\\u000ab' must not contain control characters"],
  ['a\u0000b', 'must not contain control characters'],
  ['a\u009bb', 'must not contain control characters'],
  ['a\u2028b', 'must be a single line'],
  ['a\ud800b', 'must be valid Unicode text'],
  ['a\ufffdb', 'must be valid Unicode text'],
  ['a\u202eb', 'must not contain characters that change the direction of text'],
  ['a\u2066b', 'must not contain characters that change the direction of text'],
  ['\u200b', 'must contain a visible character'],
  ['.', "must not contain '.' or '..' as a path segment"],
  ['..', "must not contain '.' or '..'"],
  ['../api', "must not contain '.' or '..'"],
  ['a\\..\\b', "must not contain '.' or '..'"],
])('%j is rejected: %s', (name, message) => {
  expect(() => parseServiceName(name)).toThrow(message);
  expect(() => parseServiceName(name)).toThrow(InvalidServiceNameError);
});

test.each([
  ['api', 'API'],
  ['web-ui', 'WEB_UI'],
  ['web--ui', 'WEB__UI'],
  ['my.api/v2', 'MY_API_V2'],
  ['9lives', '_9LIVES'],
  ['_x', '_X'],
  ['straße', 'STRASSE'],
  ['größe 1', 'GR_SSE_1'],
  ['日本', undefined],
  ['日本 1', '___1'],
  ['___', undefined],
])('%s has the variable prefix %s', (name, prefix) => {
  expect(findVariablePrefix(name)).toBe(prefix);
});
