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

function toFinding(text, { index, message }) {
  const before = text.slice(0, index).split('\n');
  const match = /“(.*)”, use “(.*)” instead$/s.exec(message);
  if (!match) throw new Error(message);
  const [, found, use] = match;
  return { line: before.length, column: before.at(-1).length + 1, found: found.replace(/\s+/g, ' '), use };
}

/** Returns what `terms` finds in `text`, in its order: the position, with numbers from 1, the words and what to write. */
export async function lintText(text, path, terms) {
  const options = { defaultTerms: false, skip: [], terms: terms.map(({ avoid, use }) => [toPattern(avoid), use]) };
  // Without its fences, the front matter of a page is a paragraph.
  const checked = path.endsWith('.md') ? text.replace(/^---$/gm, '   ') : text;
  const { messages } = await kernel.lintText(checked, {
    ext: extname(path),
    filePath: path,
    plugins,
    filterRules,
    rules: [{ ruleId: 'terminology', rule: terminology, options }],
  });
  return messages.sort((a, b) => a.index - b.index).map((message) => toFinding(text, message));
}
