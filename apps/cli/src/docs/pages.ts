import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** A page of the documentation, as it lies in the package. */
export interface DocPage {
  /** The name of its file, which no two pages share: `worktrees`. */
  readonly name: string;
  /** Its first heading. */
  readonly title: string;
  readonly text: string;
}

/** Where the build puts the pages. */
function pagesDirectory(packageRoot: string): string {
  return join(packageRoot, 'dist', 'docs');
}

/** All pages: those to begin with first, then the guides, then the reference, each by name. */
export function listPages(packageRoot: string): readonly DocPage[] {
  const root = pagesDirectory(packageRoot);
  const depth = (file: string) => file.split('/').length;
  return globSync('**/*.md', { cwd: root })
    .sort((a, b) => depth(a) - depth(b) || (a < b ? -1 : 1))
    .map((file) => readPage(join(root, file)));
}

function readPage(path: string): DocPage {
  const text = readFileSync(path, 'utf8');
  const name = basename(path, '.md');
  return { name, title: /^# (.+)$/m.exec(text)?.[1] ?? name, text };
}
