import { applyEdits, createScanner, type Edit, findNodeAtLocation, type Node } from 'jsonc-parser';
import { listServiceNodes, parseSyntaxTree } from './syntax-tree.ts';

/** A new service, as it is written to the config. */
export interface NewService {
  readonly name: string;
  readonly shell: string;
  /** Relative to the project and inside it. */
  readonly root?: string | undefined;
  /** A number from 1024 to 65535, or `auto`, which is also the default; null if the service never gets a port. */
  readonly port?: 'auto' | number | null | undefined;
  /** Whether the service has a terminal. */
  readonly tty?: boolean | undefined;
}

/** The text of a config without services; `schema` is the location of the JSON Schema for editors. */
export function newConfigText(schema?: string): string {
  const line = schema === undefined ? '' : `  "$schema": ${JSON.stringify(schema)},\n`;
  return `{\n${line}  "services": []\n}\n`;
}

function appendService(text: string, root: Node, service: object & Pick<NewService, 'name'>): string {
  const { name, ...body } = service;
  const style = detectStyle(text, root);
  const services = findNodeAtLocation(root, ['services']);
  if (services === undefined) return appendMember(text, root, 'services', [service], style);
  if (services.type === 'object') return appendMember(text, services, name, body, style);
  return appendMember(text, services, undefined, service, style);
}

/** Appends a service to the text of a valid config. If the text has only comments, they stay at its start. */
export function insertServiceText(text: string, service: object & Pick<NewService, 'name'>): string {
  return editRoot(text, (whole, root) => appendService(whole, root, service));
}

/** Appends a key with its value to the text of a valid config, or to an object in it. */
export function insertKeyText(text: string, key: string, value: object | string, within?: string): string {
  return editRoot(text, (whole, root) => {
    const style = detectStyle(whole, root);
    if (within === undefined) return appendMember(whole, root, key, value, style);
    const container = findNodeAtLocation(root, [within]);
    return container === undefined
      ? appendMember(whole, root, within, { [key]: value }, style)
      : appendMember(whole, container, key, value, style);
  });
}

function editRoot(text: string, edit: (text: string, root: Node) => string): string {
  const { root } = parseSyntaxTree(text);
  if (root !== undefined) return edit(text, root);
  const { eol } = detectStyle(text, undefined);
  const head = text.trim() === '' ? '' : `${text.trimEnd()}${eol}`;
  const whole = `${head}${newConfigText().replaceAll('\n', eol)}`;
  const created = parseSyntaxTree(whole).root;
  return created === undefined ? whole : edit(whole, created);
}

/** Removes the service at an index from the text of a valid config; everything else is unchanged. */
export function removeServiceText(text: string, index: number): string {
  const { root } = parseSyntaxTree(text);
  const services = root && findNodeAtLocation(root, ['services']);
  if (root === undefined || services === undefined || index >= listServiceNodes(root).length) return text;
  return removeMember(text, services, index);
}

/** Renders a value on one line, as in `{ "a": [1, 2] }`. */
export function renderLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(renderLine).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = membersOf(value).map(([key, item]) => `${JSON.stringify(key)}: ${renderLine(item)}`);
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

/**
 * Renders a value on several lines. Lists without objects are on one line if they are short enough.
 * @param indent of the line in which the value begins
 * @param column at which the value begins
 */
function renderLines(value: unknown, indent: string, column: number, style: TextStyle): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const isFlat = Array.isArray(value) && value.every((item) => typeof item !== 'object' || item === null);
  const line = renderLine(value);
  // Formatters such as Prettier put a list on one line if it has at most 80 columns. A comma may follow.
  if (membersOf(value).length === 0 || (isFlat && column + line.length < 80)) return line;
  const inner = indent + style.indent;
  const members = membersOf(value).map(([key, item]) => {
    const label = Array.isArray(value) ? '' : `${JSON.stringify(key)}: `;
    return `${style.eol}${inner}${label}${renderLines(item, inner, inner.length + label.length, style)}`;
  });
  return `${line.charAt(0)}${members.join(',')}${style.eol}${indent}${line.at(-1)}`;
}

function membersOf(value: object): readonly (readonly [string, unknown])[] {
  return Object.entries(value).filter(([, item]) => item !== undefined);
}

/**
 * Appends a member to an object or array, after any comments at its end. The new member has the style of the previous one:
 * one or several lines, the same indentation, and a trailing comma if there was one.
 * @param key of the new member, for an object
 */
function appendMember(
  text: string,
  container: Node,
  key: string | undefined,
  value: object | string,
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
  const rendered = oneLine ? renderLine(value) : renderLines(value, indent, indent.length + label.length, style);
  const member = `${before}${label}${rendered}${comma === undefined ? '' : ','}${after}`;
  const edits: Edit[] = [{ offset: at, length: 0, content: member }];
  if (last !== undefined && comma === undefined) edits.unshift({ offset: lastEnd, length: 0, content: ',' });
  return applyEdits(text, edits);
}

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
function removeMember(text: string, container: Node, index: number): string {
  const cuts = cutsOf(text, container, index);
  const open = container.offset + 1;
  const close = container.offset + container.length - 1;
  const left = remove(text.slice(0, close), cuts).slice(open);
  if (isBlank(left)) return text.slice(0, open) + text.slice(close);
  return remove(text, withEmptyLines(text, cuts));
}

/** The layout of a text, so that additions match it. */
interface TextStyle {
  readonly eol: string;
  /** The white space of one level. */
  readonly indent: string;
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** The white space at the start of the line that contains an offset. */
function lineIndent(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(lineStart(text, offset), offset))?.[0] ?? '';
}

/** Whether there is only white space before an offset on its line. */
function beginsLine(text: string, offset: number): boolean {
  return text.slice(lineStart(text, offset), offset).trim() === '';
}

/** The start of the line that contains `from`, and the end of the line that contains `to`, including its line break. */
function lineRange(text: string, from: number, to: number): { from: number; to: number } {
  const end = text.indexOf('\n', to);
  return { from: lineStart(text, from), to: end === -1 ? text.length : end + 1 };
}

/** Detects the style from the first member of the document; two spaces if it is not indented. */
function detectStyle(text: string, root: Node | undefined): TextStyle {
  const first = root?.children?.[0];
  const firstIndent = first !== undefined && beginsLine(text, first.offset) ? lineIndent(text, first.offset) : '';
  return { eol: text.includes('\r\n') ? '\r\n' : '\n', indent: firstIndent === '' ? '  ' : firstIndent };
}

/** The offset of the comma between two offsets, outside comments. */
function findComma(text: string, from: number, to: number): number | undefined {
  const scanner = createScanner(text, true);
  scanner.setPosition(from);
  scanner.scan();
  const offset = scanner.getTokenOffset();
  return offset < to && text[offset] === ',' ? offset : undefined;
}
