import { lineText } from './programs/line.ts';

/** The numbered lines found in the output of a run. */
export interface FoundLines {
  /** The numbers of the first and the last complete line; undefined if there is none. */
  readonly first: number | undefined;
  readonly last: number | undefined;
  /** Output before the first line is missing: a mark says so, or the output begins in the middle of a line. */
  readonly isCutAtFront: boolean;
  /** The last line is incomplete, because the program was killed while it wrote. */
  readonly isTorn: boolean;
  /** Describes a line that is missing, duplicated, or different from what was printed. */
  readonly problem?: string;
}

const mark = /^--- .* ---$/;
/** A shell's message about a killed program. It follows a torn line without a newline. */
const shellMessage = /(Terminated|Killed|Aborted|User defined signal 2)?$/;

/** Checks that the lines of a run are complete, in order and without duplicates, from the first to the last one found. */
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
    if (number !== undefined && torn !== undefined)
      return found(`line ${number} follows the torn line '${shorten(torn)}'`);
    if (number !== undefined) {
      if (expected !== undefined && number !== expected) return found(`line ${number} where ${expected} should be`);
      if (first === undefined && head !== undefined && !lineText(runId, number - 1).endsWith(head))
        return found(`'${shorten(head)}' is not the end of line ${number - 1}`);
      first ??= number;
      expected = number + 1;
      continue;
    }
    const words = line.replace(shellMessage, '');
    if (words === '') continue;
    if (first === undefined && head === undefined && !line.startsWith(runId)) head = line;
    else if (torn === undefined && isBeginning(words, runId, expected)) torn = words;
    else return found(`'${shorten(line)}' after line ${(expected ?? 1) - 1}`);
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
