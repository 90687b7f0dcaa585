import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A block of code on a page. */
export interface PageBlock {
  /** What stands behind the three backticks: `sh`, `ts`, `text`. */
  readonly language: string;
  readonly text: string;
}

/** The blocks of code of a page, or below one of its headings of the second level, in their order. @throws when there are none */
export function getPageBlocks(page: string, heading?: string): readonly PageBlock[] {
  const text = readFileSync(join(import.meta.dirname, '../../..', page), 'utf8');
  const sections = text.split(/^## /m);
  const section = heading === undefined ? text : (sections.find((part) => part.startsWith(`${heading}\n`)) ?? '');
  const blocks = [...section.matchAll(/^```(\w+)\n(.*?)^```$/gms)];
  if (blocks.length === 0) throw new Error(`${page} has no code${heading === undefined ? '' : ` below "${heading}"`}`);
  return blocks.map(([, language = '', code = '']) => ({ language, text: code }));
}

/** Writes the block that is a file: its first line is a comment with the name. @returns false for another block */
export function writePageFile(directory: string, { text }: PageBlock): boolean {
  const path = /^\/\/ ([\w./-]+)\n/.exec(text)?.[1];
  if (path === undefined) return false;
  writeFileSync(join(directory, path), text);
  return true;
}
