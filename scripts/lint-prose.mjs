// Checks the prose of the repository: `node scripts/lint-prose.mjs [--root DIRECTORY] [FILE OR FOLDER…]`.
//
// Markdown is checked, and in JavaScript and TypeScript comments, strings and names. Code spans and fenced code are not.
// To add an entry, add a line to scripts/prose/terms.mjs: a pattern, what to write instead, a sentence that must be
// reported, and one that must not. The pattern may end in a word of context, but must not need context before it.
// `pnpm run check:prose` tests every entry. An exception belongs in scripts/prose/exclusions.mjs, or in the page itself:
// <!-- prose-lint-disable --> … <!-- prose-lint-enable -->
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, matchesGlob } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { allowedWords, skippedFiles } from './prose/exclusions.mjs';
import { lintText } from './prose/lint-text.mjs';
import { terms } from './prose/terms.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { root: { type: 'string', default: fileURLToPath(new URL('..', import.meta.url)) } },
});

const matches = (path, globs) => globs.some((glob) => matchesGlob(path, glob));

const termsFor = (path) => {
  const allowed = allowedWords.flatMap(([globs, words]) => (matches(path, globs) ? words : []));
  return terms.filter(({ avoid }) => !allowed.some((word) => new RegExp(`^(?:${avoid.source})$`, 'i').test(word)));
};

const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', ...positionals], {
  cwd: values.root,
  encoding: 'utf8',
  maxBuffer: 64 * 1024 * 1024,
});
const files = listed
  .split('\0')
  .filter((path) => /\.(md|[cm]?[jt]sx?)$/.test(path) && existsSync(join(values.root, path)))
  .filter((path) => !skippedFiles.some(([glob]) => matchesGlob(path, glob)));

let count = 0;
for (const path of files) {
  const findings = await lintText(readFileSync(join(values.root, path), 'utf8'), path, termsFor(path));
  for (const { line, column, found, use } of findings) console.log(`${path}:${line}:${column}  ${found} → ${use}`);
  count += findings.length;
}
console.error(`${files.length} files, ${count} findings`);
if (count > 0) process.exitCode = 1;
