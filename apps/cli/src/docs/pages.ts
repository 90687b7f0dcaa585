import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

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

function readPage(path: string): DocPage {
  const text = readFileSync(path, 'utf8');
  const name = basename(path, '.md');
  return { name, title: /^# (.+)$/m.exec(text)?.[1] ?? name, text };
}
