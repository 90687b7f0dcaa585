import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createHelpIndex, renderHelp, renderTopic } from './help-text.ts';

const style = { width: 40, heading: (text: string) => text };

const index = createHelpIndex({
  description: 'Reserves ports.',
  groups: [
    { title: 'Ports', commands: ['reserve-port', 'who-has'] },
    { title: 'Plugins', commands: ['plugins', 'plugins:install'] },
  ],
  summaryOf: (id) => `The summary of ${id}, which is long.`,
  withAll: ['who-has', 'kill'],
  pages: [
    ['ports', 'Ports'],
    ['errors', 'Errors'],
  ],
});

test('lists the commands by group, with those of plugins, and the topics', () => {
  expect(renderHelp(index, [['hello', 'Say hello.']], style)).toBe(`Reserves ports.

USAGE
  $ candle COMMAND

PORTS
  reserve-port  The summary of
                reserve-port, which is
                long.
  who-has       The summary of who-has,
                which is long.

PLUGINS
  plugins       The summary of plugins,
                which is long.

COMMANDS OF PLUGINS
  hello         Say hello.

TOPICS
  ports, errors

For all projects, add --all to: who-has,
kill
For a command or a topic: candle help NAME
`);
});

test('wraps words to any width', () => {
  fc.assert(
    fc.property(fc.integer({ min: 40, max: 200 }), (width) => {
      const lines = renderHelp(index, [], { ...style, width }).split('\n');
      const lastLength = 'For a command or a topic: candle help NAME'.length;
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(Math.max(width, lastLength));
      expect(lines.join(' ')).toContain('reserve-port');
    }),
  );
});

describe('a topic', () => {
  test('has the commands of the group with its name, and the parts of the page', () => {
    const page = { name: 'ports', title: 'Ports', text: '# Ports\n\n## One\n\n```sh\n## no part\n```\n\n## Two\n' };
    expect(renderTopic(page, index, { ...style, width: 80 })).toBe(`Ports

COMMANDS
  reserve-port  The summary of reserve-port, which is long.
  who-has       The summary of who-has, which is long.

PAGE
  One
  Two

To read the page: candle get-doc ports
`);
  });

  test('has the commands that its page mentions, and not those whose names begin like them', () => {
    const page = {
      name: 'ci',
      title: 'CI',
      text: 'Run `candle plugins install`, then `candle who-has-it`.\n\n## One\n',
    };
    const text = renderTopic(page, index, style);
    expect(text).toMatch(/^ {2}plugins install /m);
    expect(text).not.toContain('who-has');
  });

  test('has no commands if its page mentions many, and the names of many parts on few lines', () => {
    const names = Array.from({ length: 21 }, (_, at) => `c${at}`);
    const groups = [{ title: 'All', commands: names }];
    const many = createHelpIndex({ description: '', groups, summaryOf: () => '', withAll: [], pages: [] });
    const text = names.map((name) => `## ${name.toUpperCase()}\n\n    candle ${name}\n`).join('\n');
    const page = { name: 'errors', title: 'Errors', text };
    expect(renderTopic(page, many, { ...style, width: 80 })).toBe(`Errors

PAGE
  C0, C1, C2, C3, C4, C5, C6, C7, C8, C9, C10, C11, C12, C13, C14, C15, C16,
  C17, C18, C19, C20

To read the page: candle get-doc errors
`);
  });

  test('is the page if that has no parts', () => {
    const page = { name: 'json', title: 'JSON', text: '# JSON\n\n| candle who-has | candle plugins |\n' };
    expect(renderTopic(page, index, style)).toBe(page.text);
  });
});
