import { applyEdits, type Node } from 'jsonc-parser';
import { beginsLine, findComma, lineRange } from './text-style.ts';

interface Cut {
  readonly from: number;
  readonly to: number;
}

function isBlank(text: string): boolean {
  return text.trim() === '';
}

/** The member and its comma: the comma after it or, at the end of a list, the comma before it. */
function cutsOf(text: string, container: Node, index: number): readonly Cut[] {
  const members = container.children ?? [];
  const [previous, member, next] = [members[index - 1], members[index], members[index + 1]];
  if (member === undefined) return [];
  const close = container.offset + container.length - 1;
  const from = member.offset;
  const to = from + member.length;
  const after = findComma(text, to, next?.offset ?? close);
  if (after !== undefined) {
    if (!isBlank(text.slice(to, after)))
      return [withSpace(text, { from, to }), spaceAfter(text, { from: after, to: after + 1 })];
    return [spaceAfter(text, { from, to: after + 1 })];
  }
  const before = previous && findComma(text, previous.offset + previous.length, from);
  if (before === undefined) return [withSpace(text, { from, to })];
  const between = text.slice(before + 1, from);
  if (isBlank(between) && !between.includes('\n')) return [{ from: before, to }];
  return [{ from: before, to: before + 1 }, withSpace(text, { from, to })];
}

function spaceAfter(text: string, { from, to }: Cut): Cut {
  return { from, to: to + (/^[ \t]*/.exec(text.slice(to))?.[0].length ?? 0) };
}

/** The cut with the white space that would otherwise be left over on its line. */
function withSpace(text: string, { from, to }: Cut): Cut {
  if (beginsLine(text, from)) return spaceAfter(text, { from, to });
  return { from: text.slice(0, from).replace(/[ \t]*$/, '').length, to };
}

/** The cuts, each extended to whole lines if these contain nothing else. */
function withEmptyLines(text: string, cuts: readonly Cut[]): readonly Cut[] {
  return cuts.map((cut) => {
    const lines = lineRange(text, cut.from, cut.to);
    const inLines = cuts.filter(({ from, to }) => from >= lines.from && to <= lines.to);
    const rest = remove(text.slice(0, lines.to), inLines).slice(lines.from);
    return isBlank(rest) ? lines : cut;
  });
}

function remove(text: string, cuts: readonly Cut[]): string {
  const separate = cuts
    .toSorted((a, b) => a.from - b.from)
    .filter((cut, index, sorted) => cut.from >= (sorted[index - 1]?.to ?? 0));
  return applyEdits(
    text,
    separate.map(({ from, to }) => ({ offset: from, length: to - from, content: '' })),
  );
}

/**
 * Removes a member of an object or array from the text. Comments outside the member are kept, because it is not certain
 * which of two neighbours a comment refers to.
 */
export function removeMember(text: string, container: Node, index: number): string {
  const cuts = cutsOf(text, container, index);
  const open = container.offset + 1;
  const close = container.offset + container.length - 1;
  const left = remove(text.slice(0, close), cuts).slice(open);
  if (isBlank(left)) return text.slice(0, open) + text.slice(close);
  return remove(text, withEmptyLines(text, cuts));
}
