// Checks the prose of the repository, or of some of its files: `node scripts/lint-prose.mjs [--root DIR] [PATH…]`.
// Paths are relative to the root. Exits with 1 if there are findings.
//
// In Markdown all text is checked, except code spans and code blocks; in JavaScript and TypeScript comments, strings
// that contain a space, and names. To add an entry, add a line to scripts/prose/terms.mjs: a pattern, what to write
// instead, a sentence that must be reported and one that must not. A pattern must match without the words around it, so
// it can use a negative lookbehind or lookahead, but no positive one. `pnpm run check:prose` also tests the entries.
// Exceptions belong in scripts/prose/exclusions.mjs. A page can exclude a part of itself:
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

const listed = execFileSync(
  'git',
  ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', ...positionals],
  {
    cwd: values.root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  },
);
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
