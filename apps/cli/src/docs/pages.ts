import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { nearestName } from '@candle/core/config';
import { advise, CandleError, candle, quote } from '@candle/core/errors';

/** A page of the documentation in the package. */
export interface DocPage {
  /** The unique name of its file without extension: `worktrees`. */
  readonly name: string;
  /** Its first heading. */
  readonly title: string;
  readonly text: string;
}

/** The directory to which the build copies the pages. */
function pagesDirectory(packageRoot: string): string {
  return join(packageRoot, 'dist', 'docs');
}

/** All pages: top-level pages first, then guides and reference, each sorted by name. */
export function listPages(packageRoot: string): readonly DocPage[] {
  const root = pagesDirectory(packageRoot);
  const depth = (file: string) => file.split('/').length;
  return globSync('**/*.md', { cwd: root })
    .sort((a, b) => depth(a) - depth(b) || (a < b ? -1 : 1))
    .map((file) => readPage(join(root, file)));
}

type PageTitle = Pick<DocPage, 'name' | 'title'>;

/** All pages without their texts. */
export function listTitles(packageRoot: string): PageTitle[] {
  return listPages(packageRoot).map(({ name, title }) => ({ name, title }));
}

/** The rows of a table of pages. */
export function titleRows(pages: readonly PageTitle[]): string[][] {
  return [['NAME', 'TITLE'], ...pages.map(({ name, title }) => [name, title])];
}

/** Comments at the beginning of a page are for those who edit it. */
function readPage(path: string): DocPage {
  const text = readFileSync(path, 'utf8').replace(/^(?:<!--.*?-->\s*)+/s, '');
  const name = basename(path, '.md');
  return { name, title: /^# (.+)$/m.exec(text)?.[1] ?? name, text };
}

/** @param asked the name of a page, or a link to it from another page (`guides/ci.md#exit-codes`) @throws DocUnknownError */
export function getPage(packageRoot: string, asked: string): DocPage {
  const pages = listPages(packageRoot);
  const wanted = wantedName(asked);
  const page = pages.find(({ name }) => name === wanted);
  if (page) return page;
  const names = pages.map(({ name }) => name);
  throw new DocUnknownError(asked, findPageAbout(wanted, names) ?? nearestName(wanted, names), names);
}

/** Like `getPage`, but undefined for an unknown page. */
export function findPage(packageRoot: string, asked: string): DocPage | undefined {
  return listPages(packageRoot).find(({ name }) => name === wantedName(asked));
}

function wantedName(asked: string): string {
  return basename(asked.split('#')[0] ?? '', '.md').toLowerCase();
}

/** What a reader may call a page whose name has no such word. */
const otherNames: Readonly<Record<string, string>> = {
  regex: 'expressions',
  regexp: 'expressions',
  re2: 'expressions',
  corrupt: 'replaced-database',
  space: 'full-disk',
  permissions: 'trust',
};

/** The page whose topic has this word: `full-disk` for `disk`. */
export function findPageAbout(word: string, names: readonly string[]): string | undefined {
  const other = Object.hasOwn(otherNames, word) ? otherNames[word] : undefined;
  return names.find((name) => name === other) ?? names.find((name) => name.split('-').includes(word));
}

/** Where the section goes in the skill file. */
const passageMark = '<!-- passage -->\n';

/** The instructions for coding agents: a section for AGENTS.md or CLAUDE.md, or a complete SKILL.md that contains it. */
export function agentsGuide(packageRoot: string, { asSkill }: { asSkill: boolean }): string {
  const read = (file: string) => readFileSync(join(packageRoot, 'agents', file), 'utf8');
  const passage = read('passage.md');
  return asSkill ? read('skill.md').replace(passageMark, () => passage) : passage;
}

export class DocUnknownError extends CandleError {
  static readonly code = 'DOC_UNKNOWN';
  static example() {
    return new DocUnknownError('tutorail', 'tutorial', ['concepts', 'tutorial']);
  }

  constructor(asked: string, nearest: string | undefined, known: readonly string[]) {
    super({
      message: asked === '' ? 'The name of a page must not be empty' : `There is no page ${quote(asked)}`,
      hint:
        nearest === undefined
          ? advise('To list all pages', candle('list-docs'))
          : advise(`Did you mean '${nearest}'? Run`, candle('get-doc', nearest)),
      details: { asked, nearest: nearest ?? null, known },
    });
  }
}
