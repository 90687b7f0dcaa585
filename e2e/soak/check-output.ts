import { lineText } from './programs/line.ts';

/** What is there of the numbered lines of a run. */
export interface FoundLines {
  /** The first and the last number that are there whole; undefined when none is. */
  readonly first: number | undefined;
  readonly last: number | undefined;
  /** Before the first something is missing, and the reader says so or it begins in the middle of a line. */
  readonly isCutAtFront: boolean;
  /** Its last line is a piece of one: the program was killed while it wrote. */
  readonly isTorn: boolean;
  /** A line that is missing, comes twice, or is not what was printed. */
  readonly problem?: string;
}

const mark = /^--- .* ---$/;
/** What a shell says of a program that was killed; behind a torn line without a newline in between. */
const shellWords = /(Terminated|Killed|Aborted|User defined signal 2)?$/;

/** Are the numbers of a run whole, in order, each once, from the first to the last that is there? */
export function checkOutput(text: string, runId: string): FoundLines {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  let first: number | undefined;
  let expected: number | undefined;
  let head: string | undefined;
  let torn: string | undefined;
  let isEvicted = false;
  const found = (problem?: string): FoundLines => ({
    first,
    last: first === undefined || expected === undefined ? undefined : expected - 1,
    isCutAtFront: isEvicted || head !== undefined,
    isTorn: torn !== undefined,
    ...(problem === undefined ? {} : { problem }),
  });
  for (const line of lines) {
    if (mark.test(line)) {
      if (line.includes('evicted')) isEvicted = true;
      continue;
    }
    const number = numberOf(line, runId);
    if (number !== undefined && torn !== undefined) return found(`line ${number} comes behind '${shorten(torn)}'`);
    if (number !== undefined) {
      if (expected !== undefined && number !== expected) return found(`line ${number} where ${expected} should be`);
      if (first === undefined && head !== undefined && !lineText(runId, number - 1).endsWith(head))
        return found(`'${shorten(head)}' is not the end of line ${number - 1}`);
      first ??= number;
      expected = number + 1;
      continue;
    }
    const words = line.replace(shellWords, '');
    if (words === '') continue;
    if (first === undefined && head === undefined && !line.startsWith(runId)) head = line;
    else if (torn === undefined && isBeginning(words, runId, expected)) torn = words;
    else return found(`'${shorten(line)}' behind line ${(expected ?? 1) - 1}`);
  }
  return found();
}

function numberOf(line: string, runId: string): number | undefined {
  const number = Number(/^\S+ (\d+) x*\.$/.exec(line)?.[1] ?? Number.NaN);
  return lineText(runId, number) === line ? number : undefined;
}

function isBeginning(words: string, runId: string, expected: number | undefined): boolean {
  if (expected !== undefined) return lineText(runId, expected).startsWith(words);
  return `${runId} 1 `.startsWith(words) || lineText(runId, 1).startsWith(words);
}

function shorten(line: string): string {
  return line.length > 90 ? `${line.slice(0, 80)}…(${line.length})` : line;
}
