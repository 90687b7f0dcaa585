// Sets textlint up: which rule, which terms, and which plugin reads which kind of file.
import { extname } from 'node:path';
import { TextlintKernel } from '@textlint/kernel';
import markdown from '@textlint/textlint-plugin-markdown';
import comments from 'textlint-filter-rule-comments';
import terminology from 'textlint-rule-terminology';
import source from './source-plugin.mjs';

const kernel = new TextlintKernel();
const plugins = [
  { pluginId: 'markdown', plugin: markdown.default },
  { pluginId: 'source', plugin: source },
];
const filterRules = [
  {
    ruleId: 'comments',
    rule: comments,
    options: { enablingComment: 'prose-lint-enable', disablingComment: 'prose-lint-disable' },
  },
];

/** Whole words, and any white space where the pattern has a space: prose is wrapped. */
const toPattern = (avoid) => `(?:\\b|(?!\\w))(?:${avoid.source.replaceAll(' ', '\\s+')})(?:\\b|(?<!\\w))`;

const linesBefore = (text, index) => text.slice(0, index).split('\n');

/** Returns what `terms` finds in `text`, as `{ line, column, message }`, both numbers from 1. */
export async function lintText(text, path, terms) {
  const options = { defaultTerms: false, skip: [], terms: terms.map(({ avoid, use }) => [toPattern(avoid), use]) };
  const { messages } = await kernel.lintText(text, {
    ext: extname(path),
    filePath: path,
    plugins,
    filterRules,
    rules: [{ ruleId: 'terminology', rule: terminology, options }],
  });
  return messages.map(({ index, message }) => {
    const before = linesBefore(text, index);
    return { line: before.length, column: before.at(-1).length + 1, message };
  });
}
