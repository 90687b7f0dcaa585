// Finds the prose of a JavaScript or TypeScript file: comments, strings that contain a space, and the names it uses.
import { parseSync } from 'oxc-parser';

// A piece of prose is a list of parts. A part is a range of the source, or one of these two.
const lineBreak = { text: ' ' };
/** Inline code, or an expression inside a template or a concatenation. */
const code = { text: '¤' };

const isProse = (text) => /\s/.test(text.trim()) && /[a-z]/i.test(text);

/** Replaces inline code and escaped line breaks by as many other characters, so that offsets stay valid. */
const blank = (text) =>
  text
    .replace(/\\?`(?:``[\s\S]*?``|[^`]*?)\\?`|\{@\w+ [^}]*\}/g, (match) => code.text.repeat(match.length))
    .replace(/\\[nrt]|\s/g, (space) => ' '.repeat(space.length));

/** The lines of a comment, without the asterisks of a block comment. */
function linesOf({ type, start, end }, source) {
  const text = source.slice(start + 2, type === 'Block' ? end - 2 : end);
  return [...text.matchAll(/^[ \t]*\*?(.*)$/gm)].map((line) => {
    const lineEnd = start + 2 + line.index + line[0].length;
    return { start: lineEnd - line[1].length, end: lineEnd };
  });
}

/** One piece per comment. Line comments that follow each other directly are one comment. */
function piecesOfComments(comments, source) {
  const pieces = [];
  let last;
  for (const comment of comments.filter(({ start }) => !source.startsWith('#!', start))) {
    const isContinued =
      last?.type === 'Line' &&
      comment.type === 'Line' &&
      /^[ \t]*\r?\n[ \t]*$/.test(source.slice(last.end, comment.start));
    if (!isContinued) pieces.push([]);
    pieces.at(-1).push(...linesOf(comment, source).flatMap((line) => [line, lineBreak]));
    last = comment;
  }
  return pieces;
}

/** The parts of a string, a template or a concatenation; undefined for other expressions. Notes which nodes it used. */
function partsOf(node, source, used) {
  let parts;
  if (node.type === 'Literal' && (typeof node.value === 'string' || node.regex)) {
    parts = [{ start: node.start + 1, end: node.end - 1 }];
  } else if (node.type === 'TemplateLiteral') {
    parts = node.quasis.flatMap(({ start: from, value }, index) => {
      const start = source.indexOf(value.raw, from);
      const part = { start, end: start + value.raw.length };
      return index === 0 ? [part] : [code, part];
    });
  } else if (node.type === 'BinaryExpression' && node.operator === '+') {
    const sides = [node.left, node.right].map((side) => partsOf(side, source, used));
    if (sides.some(Boolean)) parts = sides.flatMap((side) => side ?? [code]);
  }
  if (parts) used.add(node);
  return parts;
}

function* childrenOf(node) {
  for (const [key, value] of Object.entries(node)) {
    const isModuleName = key === 'source' && /^(Import|Export)/.test(node.type);
    const children = isModuleName ? [] : Array.isArray(value) ? value : [value];
    yield* children.filter((child) => typeof child?.type === 'string');
  }
}

/** Adds the texts. A code span can extend over several parts, for example lines. */
function withTexts(parts, source) {
  const texts = parts.map(({ start, end, text }) => text ?? source.slice(start, end));
  const blanked = blank(texts.join(''));
  let offset = 0;
  return parts.map(({ start }, index) => {
    const from = offset;
    offset += texts[index].length;
    return { start, text: blanked.slice(from, offset) };
  });
}

/** Returns all pieces. Each part has a `text`, and a `start` if that text is part of the source. */
export function extractProse(source, path) {
  const { program, comments, errors } = parseSync(path, source);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0].message}`);
  const pieces = piecesOfComments(comments, source);
  const names = new Map();
  const used = new Set();
  const visit = (node) => {
    const parts = used.has(node) ? undefined : partsOf(node, source, used);
    if (parts) pieces.push(parts);
    if (node.type === 'JSXText') pieces.push([node]);
    if (/Identifier$/.test(node.type) && !names.has(node.name))
      names.set(node.name, [{ start: node.start, text: node.name }]);
    for (const child of childrenOf(node)) visit(child);
  };
  visit(program);
  const prose = pieces.map((parts) => withTexts(parts, source));
  return [...prose.filter((parts) => isProse(parts.map(({ text }) => text).join(''))), ...names.values()];
}
