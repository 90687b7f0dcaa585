import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A block of code on a page. */
export interface PageBlock {
  /** What stands behind the three backticks: `sh`, `ts`, `text`. */
  readonly language: string;
  readonly text: string;
}

/** The blocks of code below a heading of the second level, in their order. @throws when there are none */
export function getPageBlocks(page: string, heading: string): readonly PageBlock[] {
  const text = readFileSync(join(import.meta.dirname, '../../..', page), 'utf8');
  const section = text.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
  const blocks = [...section.matchAll(/^```(\w+)\n(.*?)^```$/gms)];
  if (blocks.length === 0) throw new Error(`${page} has no code below "${heading}"`);
  return blocks.map(([, language = '', code = '']) => ({ language, text: code }));
}
