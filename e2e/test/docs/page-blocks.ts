import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A code block of a page. */
export interface PageBlock {
  /** The language after the three backticks: `sh`, `ts`, `text`. */
  readonly language: string;
  readonly text: string;
}

/** The code blocks of a page, or of one of its second-level sections, in order. @throws if there are none */
export function getPageBlocks(page: string, heading?: string): readonly PageBlock[] {
  const text = readFileSync(join(import.meta.dirname, '../../..', page), 'utf8');
  const sections = text.split(/^## /m);
  const section = heading === undefined ? text : (sections.find((part) => part.startsWith(`${heading}\n`)) ?? '');
  const blocks = [...section.matchAll(/^```(\w+)\n(.*?)^```$/gms)];
  if (blocks.length === 0)
    throw new Error(`${page} has no code blocks${heading === undefined ? '' : ` in "${heading}"`}`);
  return blocks.map(([, language = '', code = '']) => ({ language, text: code }));
}

/** Writes a block that is a file: its first line is a comment with the path. @returns false for any other block */
export function writePageFile(directory: string, { text }: PageBlock): boolean {
  const path = /^\/\/ ([\w./-]+)\n/.exec(text)?.[1];
  if (path === undefined) return false;
  writeFileSync(join(directory, path), text);
  return true;
}
