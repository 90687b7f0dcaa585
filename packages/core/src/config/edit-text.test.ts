import { describe, expect, test } from 'vitest';
import { insertServiceText, removeServiceText } from './edit-text.ts';

const web = { name: 'web', shell: 'run' };

/** Texts without and with the service `web` at the end. Adding and removing convert them exactly into each other. */
const pairs: [title: string, without: string, withWeb: string][] = [
  [
    'an empty list',
    '{\n  "services": []\n}\n',
    '{\n  "services": [\n    {\n      "name": "web",\n      "shell": "run"\n    }\n  ]\n}\n',
  ],
  [
    'a list of one-line services',
    '{\n  "services": [\n    { "name": "api", "shell": "x" } // one\n    // end\n  ]\n}',
    '{\n  "services": [\n    { "name": "api", "shell": "x" }, // one\n    // end\n    { "name": "web", "shell": "run" }\n  ]\n}',
  ],
  [
    'tabs and a trailing comma',
    '{\n\t"services": [\n\t\t{\n\t\t\t"name": "api",\n\t\t\t"shell": "x"\n\t\t},\n\t],\n}\n',
    '{\n\t"services": [\n\t\t{\n\t\t\t"name": "api",\n\t\t\t"shell": "x"\n\t\t},\n\t\t{\n\t\t\t"name": "web",\n\t\t\t"shell": "run"\n\t\t},\n\t],\n}\n',
  ],
  [
    'four spaces and CRLF',
    '{\r\n    "services": {\r\n        "api": {\r\n            "shell": "x"\r\n        }\r\n    }\r\n}\r\n',
    '{\r\n    "services": {\r\n        "api": {\r\n            "shell": "x"\r\n        },\r\n        "web": {\r\n            "shell": "run"\r\n        }\r\n    }\r\n}\r\n',
  ],
  [
    'one line',
    '{ "services": [ {"name": "api", "shell": "x"} ] }',
    '{ "services": [ {"name": "api", "shell": "x"}, { "name": "web", "shell": "run" } ] }',
  ],
  [
    'one line keyed by name',
    '{"services": {"api": {"shell": "x"}}}',
    '{"services": {"api": {"shell": "x"}, "web": { "shell": "run" }}}',
  ],
  [
    'a block comment after the last service',
    '{"services": [{"name": "api", "shell": "x"} /* api */]}',
    '{"services": [{"name": "api", "shell": "x"}, /* api */ { "name": "web", "shell": "run" }]}',
  ],
];

test.each(pairs)('a service is added to %s', (_, without, withWeb) => {
  expect(insertServiceText(without, web)).toBe(withWeb);
});

test.each(pairs)('a service is removed from %s', (_, without, withWeb) => {
  const last = withWeb.includes('api') ? 1 : 0;
  expect(removeServiceText(withWeb, last)).toBe(without);
});

describe('a service is added to', () => {
  const whole = '{\n  "services": [\n    {\n      "name": "web",\n      "shell": "run"\n    }\n  ]\n}\n';
  test.each([
    ['an empty text', '', whole],
    ['white space', ' \n\n', whole],
    ['comments', '// a\n\n', `// a\n${whole}`],
    ['a comment without a line break', '// a', `// a\n${whole}`],
    ['comments with CRLF', '// a\r\n', `// a\r\n${whole.replaceAll('\n', '\r\n')}`],
    ['an empty object', '{}\n', whole],
    ['an object with a comment', '{\n  // a\n}\n', whole.replace('{\n', '{\n  // a\n')],
    ['a list with a comment', '{\n  "services": [\n    // a\n  ]\n}\n', whole.replace('[\n', '[\n    // a\n')],
    ['an object with another key', '{\n  "other": 1\n}\n', whole.replace('{\n', '{\n  "other": 1,\n')],
  ])('%s', (_, text, expected) => {
    expect(insertServiceText(text, web)).toBe(expected);
  });
});

describe('removing', () => {
  test.each<[string, number, string, string]>([
    [
      'a member, with the comments of its neighbours kept',
      1,
      '[\n  // about a\n  {"a": 1}, // a\n  // about b\n  {\n    "b": 1 // in b\n  }, // b\n  // about c\n  {"c": 1} // c\n]',
      '[\n  // about a\n  {"a": 1}, // a\n  // about b\n  // b\n  // about c\n  {"c": 1} // c\n]',
    ],
    [
      'the last member, with the comma before it',
      1,
      '[\n  {"a": 1}, // a\n  {"b": 1} // b\n]',
      '[\n  {"a": 1} // a\n  // b\n]',
    ],
    ['the last member, with a trailing comma', 1, '[\n  {"a": 1},\n  {"b": 1},\n]', '[\n  {"a": 1},\n]'],
    ['the only member', 0, '[\n  {"a": 1},\n]', '[]'],
    ['the only member, next to a comment', 0, '[\n  {"a": 1}, // a\n]', '[\n  // a\n]'],
    ['the first member on a line', 0, '[{"a": 1}, {"b": 1}]', '[{"b": 1}]'],
    ['the first member on a line with spaces', 0, '[ {"a": 1}, {"b": 1} ]', '[ {"b": 1} ]'],
    [
      'a member, with commas at the beginnings of lines',
      1,
      '[\n  {"a": 1}\n, {"b": 1}\n, {"c": 1}\n]',
      '[\n  {"a": 1}\n, {"c": 1}\n]',
    ],
    ['the last member, with commas at the beginnings of lines', 1, '[\n  {"a": 1}\n, {"b": 1}\n]', '[\n  {"a": 1}\n]'],
    ['a member, with commas in comments', 0, '[{"a": 1} /* , */ , {"b": 1} /* , */]', '[ /* , */ {"b": 1} /* , */]'],
    [
      'a member, with a comma after a line comment',
      0,
      '[\n  {"a": 1} // a,\n  , {"b": 1}\n]',
      '[\n  // a,\n  {"b": 1}\n]',
    ],
    ['a member, with brackets in strings', 0, '[{"a": "],["}, {"b": 1}]', '[{"b": 1}]'],
  ])('%s', (_, index, list, expected) => {
    expect(removeServiceText(`{"services": ${list}}`, index)).toBe(`{"services": ${expected}}`);
  });
});
