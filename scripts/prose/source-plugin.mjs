// A textlint plugin for JavaScript and TypeScript: the document that textlint checks is the prose of the file.
import { extractProse } from './extract-prose.mjs';

/** Precedes each piece, so that no term spans two of them. */
const separator = ' ¶ ';

/** Joins the pieces into one text, and records where each part starts in the source. */
function joinPieces(pieces) {
  let text = '';
  const starts = [];
  for (const parts of pieces) {
    const first = parts.find(({ start }) => start !== undefined);
    starts.push({ joined: text.length, source: first.start, isGap: true });
    text += separator;
    for (const part of parts) {
      if (part.start !== undefined) starts.push({ joined: text.length, source: part.start });
      text += part.text;
    }
  }
  return { text, starts };
}

const toSource = (starts, index) => {
  const { joined, source, isGap } = starts.findLast((start) => start.joined <= index);
  return isGap ? source : source + index - joined;
};

class SourceProcessor {
  #startsByPath = new Map();

  availableExtensions() {
    return ['.ts', '.tsx', '.js', '.jsx', '.mjs', '.cjs', '.mts', '.cts'];
  }

  processor() {
    return {
      preProcess: (source, path) => {
        const { text, starts } = joinPieces(extractProse(source, path));
        this.#startsByPath.set(path, starts);
        const everywhere = {
          raw: text,
          range: [0, text.length],
          loc: { start: { line: 1, column: 0 }, end: { line: 1, column: text.length } },
        };
        const prose = { ...everywhere, type: 'Str', value: text };
        const paragraph = { ...everywhere, type: 'Paragraph', children: [prose] };
        return { text, ast: { ...everywhere, type: 'Document', children: [paragraph] } };
      },
      postProcess: (messages, path) => {
        const starts = this.#startsByPath.get(path);
        const located = messages.map((message) => ({ ...message, index: toSource(starts, message.index) }));
        return { messages: located, filePath: path };
      },
    };
  }
}

export default { Processor: SourceProcessor };
