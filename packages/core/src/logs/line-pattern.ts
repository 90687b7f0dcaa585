import { escapedShare, statesOf } from './line-text.ts';
import { EmptyPatternError, InvalidPatternError, type PatternProblem } from './pattern-errors.ts';

/** A pattern for lines. */
export interface LinePattern {
  /** Whether a state of the line matches, without its escape sequences. */
  matches(line: string): boolean;
  /** Set for plain text, which can be found before the line is complete. */
  readonly plain?: string;
}

/**
 * Creates a pattern from case-sensitive plain text or from a regular expression.
 * @throws EmptyPatternError, InvalidPatternError
 */
export async function linePattern(text: string, { isRegex = false } = {}): Promise<LinePattern> {
  if (text === '') throw new EmptyPatternError();
  return isRegex ? compileExpression(text) : plainPattern(text);
}

/** Most lines lack the text or one of its characters, and finding that out is cheaper than looking for escape sequences. */
function plainPattern(text: string): LinePattern {
  const characters = [...new Set(text)];
  const mayMatch = (line: string) => line.includes(text) || characters.every((character) => line.includes(character));
  return { matches: (line) => mayMatch(line) && statesOf(line).includes(text), plain: text };
}

/** Whether a text was probably meant as an expression: plain text seldom contains these. */
export function isProbablyExpression(text: string): boolean {
  return /[^\\][.\])][*+]|^[.][*+]|\\[dwsbDWSB.()[\]]|\[\^?[a-z0-9]-[a-z0-9]|^\^|\$$|\S\|\S|\(\?/i.test(text);
}

/** Characters. */
const maxLength = 1_000;
/** Instructions, about one for each character that the expression matches. */
const maxInstructions = 500;
/** Characters of a line. Linear time alone does not bound the time for a line of many megabytes. */
const maxSearched = 64 * 1024;
/** For expressions up to this size, the engine caches its states, and that many characters take a few milliseconds. */
const cachedInstructions = 32;
/** For larger ones, each character may take time for each instruction. This product takes at most about 20 ms. */
const maxSteps = 512 * 1024;

/**
 * Compiles a regular expression in the syntax of RE2, an engine that takes linear time. Of a longer line, it searches the
 * first 64 KiB, or less if the expression is large. The engine is loaded on the first call, because it
 * is large and rarely needed.
 * @throws InvalidPatternError
 */
export async function compileExpression(text: string): Promise<LinePattern> {
  if (text.length > maxLength)
    throw new InvalidPatternError(text, { reason: `it is longer than ${maxLength} characters` });
  if (countInstructions(text) > maxInstructions) {
    throw new InvalidPatternError(text, {
      reason: `its repetitions amount to more than ${maxInstructions} characters`,
    });
  }
  const { RE2JS, RE2JSSyntaxException } = await import('re2js');
  try {
    const compiled = RE2JS.compile(text);
    const size = compiled.programSize();
    const searched = size <= cachedInstructions ? maxSearched : Math.min(maxSearched, Math.floor(maxSteps / size));
    const beginningOf = (line: string) => statesOf(line.slice(0, searched * escapedShare)).slice(0, searched);
    // In a line that was rewritten, `^` and `$` match the ends of each state.
    let ofStates: typeof compiled | undefined;
    const matches = (line: string) => {
      const beginning = beginningOf(line);
      if (beginning.includes('\n')) ofStates ??= RE2JS.compile(text, RE2JS.MULTILINE);
      return (ofStates ?? compiled).test(beginning);
    };
    return { matches };
  } catch (error) {
    if (!(error instanceof RE2JSSyntaxException)) throw error;
    throw new InvalidPatternError(text, explain(text, error.getDescription(), error.getPattern() ?? ''), error);
  }
}

/**
 * An estimate of the size of the compiled expression with its counted repetitions, such as `(a{10}b){20}`: compiling takes
 * as long as this is large.
 */
function countInstructions(text: string): number {
  const groups: number[] = [];
  let [total, last] = [0, 0];
  for (const [token, min, max] of text.matchAll(
    /\\[xpP]\{[^}]*\}|\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\{(\d+)(?:,(\d*))?\}|[\s\S]/gu,
  )) {
    if (token === '(') {
      groups.push(total);
      total = 0;
    } else if (token === ')') {
      // The engine also has an instruction for a group that is empty.
      last = Math.max(1, total);
      total = last + (groups.pop() ?? 0);
    } else if (min !== undefined) {
      const times = Math.max(1, Number(max || min));
      total += last * (times - 1);
      last *= times;
    } else {
      last = 1;
      total++;
    }
  }
  return groups.reduce((sum, size) => sum + size, total);
}

/** @param part the part of the expression that the engine does not accept */
function explain(text: string, description: string, part: string): PatternProblem {
  const at = part === text ? -1 : text.indexOf(part);
  const position = part === '' || at === -1 ? undefined : at + 1;
  return {
    position,
    reason: `${describe(description, part)}${position === undefined ? '' : ` at character ${position}`}`,
  };
}

function describe(description: string, part: string): string {
  if (/^\(\?(?:[=!]|<[=!])/.test(part))
    return `look-around is not supported: ${part.slice(0, part.startsWith('(?<') ? 4 : 3)}`;
  if (/^\\(?:[1-9]|k)/.test(part)) return `back-references are not supported: ${part}`;
  return `${description}${part === '' ? '' : `: ${part}`}`;
}
