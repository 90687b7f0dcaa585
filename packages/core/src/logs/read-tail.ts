import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** Read from the end in pieces of this many bytes: what is asked for is mostly in the first. */
const blockSize = 64 * 1024;
const newline = 0x0a;
/** A string has an end (half a GiB in V8): what is longer than this is no line that anybody reads. */
const longestLine = 64 * 1024 * 1024;

export interface Tail {
  /** Without their newlines, as UTF-8; what is no UTF-8 becomes U+FFFD. */
  readonly lines: readonly string[];
  /** Nothing was printed before the first of them. */
  readonly isWhole: boolean;
}

/** The last `count` lines of a file; a last line without a newline counts. A file that is gone has no lines. */
export async function readTail(path: string, count: number): Promise<Tail> {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch {
    return { lines: [], isWhole: true };
  }
  try {
    return count > 0 ? tailOf(fd, count) : { lines: [], isWhole: fstatSync(fd).size === 0 };
  } finally {
    closeSync(fd);
  }
}

function tailOf(fd: number, count: number): Tail {
  const { size } = fstatSync(fd);
  const blocks: Buffer[] = [];
  let newlines = 0;
  let at = size;
  // One newline more than lines: the one that ends the last line begins nothing.
  while (at > 0 && newlines <= count) {
    const length = Math.min(blockSize, at);
    at -= length;
    const block = Buffer.alloc(length);
    readSync(fd, block, 0, length, at);
    blocks.unshift(block);
    newlines += countNewlines(block);
  }
  const text = Buffer.concat(blocks);
  const lines = splitLines(text);
  return { lines: lines.slice(-count), isWhole: at === 0 && lines.length <= count };
}

function countNewlines(block: Buffer): number {
  let found = 0;
  for (let at = block.indexOf(newline); at !== -1; at = block.indexOf(newline, at + 1)) found++;
  return found;
}

function readLine(text: Buffer, from: number, to: number): string {
  if (to - from > longestLine) return `${text.toString('utf8', from, from + longestLine)}…`;
  const line = text.toString('utf8', from, to);
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}

/** Split as bytes, so that a line that is no UTF-8 cannot swallow its neighbour. */
function splitLines(text: Buffer): string[] {
  const lines: string[] = [];
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf(newline, at);
    lines.push(readLine(text, at, end === -1 ? text.length : end));
    at = end === -1 ? text.length : end + 1;
  }
  return lines;
}
