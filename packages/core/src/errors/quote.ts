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
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
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
