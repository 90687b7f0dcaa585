/** Characters of a name that a message shows. Longer names are cut, so that bad input cannot flood a terminal. */
const shownNameLength = 60;

/** Paths up to this length, which a person could have typed, are shown in full. */
const shownPathLength = 300;

/** Quotes a user's text for a message: one line, no control characters, at most 60 characters. */
export function quote(text: string): string {
  const characters = [...text];
  const shown = characters.length > shownNameLength ? `${characters.slice(0, shownNameLength).join('')}…` : text;
  return `'${printable(shown)}'`;
}

/** Shows a path in a message: one line, no control characters. The middle of a very long path is omitted. */
export function showPath(path: string): string {
  const half = shownPathLength / 2;
  return printable(path.length > shownPathLength ? `${path.slice(0, half)}…${path.slice(-half)}` : path);
}

/** Escapes as `\uXXXX` every character that could control a terminal or disguise the text. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/**
 * Escape sequences as in ECMA-48 (a string such as a title or a link with its terminator, a control sequence such as a color,
 * or any other), control characters, and characters that override the direction of text. The text of a string contains no
 * newline and no beginning of another one, so a line of strings without terminators takes linear time:
 * `stripVTControlCharacters` of Node.js takes a minute for 256 KiB of them.
 */
const controls =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it matches control characters
  /(?:\u001b[\]PX^_]|[\u0090\u0098\u009d-\u009f])[^\n\u0007\u001b\u0090\u0098\u009c-\u009f]*(?:\u0007|\u001b\\|\u009c)|(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]?|\u001b[ -/]*[0-~]?|[\u0001-\u0008\u000b-\u001a\u001c-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/** Begins every match of `controls`. Most texts have none, and checking is cheaper than replacing. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it matches control characters
const control = /[\u0001-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

// biome-ignore lint/suspicious/noControlCharactersInRegex: it matches control characters
const colorSequence = /^(?:\u001b\[|\u009b)([\d:;]*)m$/;
const onlyResets = /^[0;]*$/;

/** Ends all colors. */
export const colorReset = '\u001b[0m';

/**
 * What may be shown of a text that is not Candle's own: everything that prints passes such texts through here. Without
 * `color`, nothing is left that controls a terminal. With `color`, only colors are left, which end with their line; if
 * `isOpen`, the last line continues, and so do its colors. Tabs, newlines and NUL stay. Takes linear time.
 */
export function safeText(text: string, { color = false, isOpen = false } = {}): string {
  if (!control.test(text)) return text;
  if (!color) return text.replace(controls, '');
  const lines = text.split('\n');
  return lines.map((line, at) => onlyColors(line, isOpen && at === lines.length - 1)).join('\n');
}

function onlyColors(line: string, isOpen: boolean): string {
  let isColored = false;
  const kept = line.replace(controls, (sequence) => {
    const [, parameters] = colorSequence.exec(sequence) ?? [];
    if (parameters === undefined) return '';
    isColored = !onlyResets.test(parameters);
    return `\u001b[${parameters}m`;
  });
  return isColored && !isOpen ? `${kept}${colorReset}` : kept;
}

/** JSON that does not control the terminal that shows it. JSON itself escapes only control characters below U+0020. */
export function safeJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(/[\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, escaped);
}

/** One word of a command to paste: quoted, unless every shell reads it literally without quotes. */
export function shellWord(text: string): string {
  if (/^[\w@%+:,./][\w@%+:,./-]*$/.test(text)) return text;
  if (!/\p{Cc}/u.test(text)) return `'${text.replaceAll("'", `'\\''`)}'`;
  // Control characters would affect the terminal that shows the command. bash, zsh and POSIX 2024 support this form.
  return `$'${text.replace(/['\\]/g, '\\$&').replace(/\p{Cc}/gu, octal)}'`;
}

function octal(text: string): string {
  return [...Buffer.from(text)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
}
