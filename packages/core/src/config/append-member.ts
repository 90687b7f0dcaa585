import { applyEdits, type Edit, type Node } from 'jsonc-parser';
import { beginsLine, findComma, lineIndent, type TextStyle } from './text-style.ts';

/** Renders a value on one line, as in `{ "a": 1 }`, or in the layout of `JSON.stringify`. */
function renderValue(value: unknown, oneLine: boolean, indent: string, style: TextStyle): string {
  if (!oneLine) return JSON.stringify(value, null, style.indent).replaceAll('\n', `${style.eol}${indent}`);
  const members = Object.entries(value as object).map(
    ([key, item]) => `${JSON.stringify(key)}: ${JSON.stringify(item)}`,
  );
  return `{ ${members.join(', ')} }`;
}

/**
 * Appends a member to an object or array, after any comments at its end. The new member has the style of the previous one:
 * one or several lines, the same indentation, and a trailing comma if there was one.
 * @param key of the new member, for an object
 */
export function appendMember(
  text: string,
  container: Node,
  key: string | undefined,
  value: object,
  style: TextStyle,
): string {
  const open = container.offset + 1;
  const close = container.offset + container.length - 1;
  const last = container.children?.at(-1);
  const lastEnd = last === undefined ? open : last.offset + last.length;
  const inside = text.slice(open, close);
  const ownLine = last === undefined || inside.includes('\n');
  const outer = lineIndent(text, container.offset);
  const indent =
    last !== undefined && beginsLine(text, last.offset) ? lineIndent(text, last.offset) : outer + style.indent;
  const oneLine = last !== undefined && !text.slice(last.offset, lastEnd).includes('\n') && !Array.isArray(value);
  const comma = last === undefined ? undefined : findComma(text, lastEnd, close);

  const content = inside.trimEnd().length;
  // White space before a line break may belong to a line comment.
  const at = open + content + Math.max(0, inside.slice(content).search(/\r?\n/));
  const before = ownLine ? style.eol + indent : ' ';
  const label = key === undefined ? '' : `${JSON.stringify(key)}: `;
  const after = ownLine && !text.slice(at, close).includes('\n') ? style.eol + outer : '';
  const member = `${before}${label}${renderValue(value, oneLine, indent, style)}${comma === undefined ? '' : ','}${after}`;
  const edits: Edit[] = [{ offset: at, length: 0, content: member }];
  if (last !== undefined && comma === undefined) edits.unshift({ offset: lastEnd, length: 0, content: ',' });
  return applyEdits(text, edits);
}
