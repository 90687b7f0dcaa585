/** Characters of a name that a message shows; a longer one is cut, so that bad input cannot flood a terminal. */
const shownNameLength = 60;

/** A user's text inside a message: one line, no control characters, at most 60 characters. */
export function quote(text: string): string {
  const characters = [...text];
  const shown = characters.length > shownNameLength ? `${characters.slice(0, shownNameLength).join('')}…` : text;
  return `'${shown.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)}'`;
}
