/** Characters of a name that a message shows; a longer one is cut, so that bad input cannot flood a terminal. */
const shownNameLength = 60;

/** A path is shown whole as long as a person could have typed it. */
const shownPathLength = 300;

/** A user's text inside a message: one line, no control characters, at most 60 characters. */
export function quote(text: string): string {
  const characters = [...text];
  const shown = characters.length > shownNameLength ? `${characters.slice(0, shownNameLength).join('')}…` : text;
  return `'${printable(shown)}'`;
}

/** A path inside a message: one line, no control characters; of a very long one the middle is left out. */
export function showPath(path: string): string {
  const half = shownPathLength / 2;
  return printable(path.length > shownPathLength ? `${path.slice(0, half)}…${path.slice(-half)}` : path);
}

/** Everything that would act on a terminal, or show another text than the one that is meant, as `\uXXXX`. */
export function printable(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
