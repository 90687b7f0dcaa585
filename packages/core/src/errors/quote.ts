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
