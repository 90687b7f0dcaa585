/** One word of a pasteable command: bare when every shell reads it as it stands, else in single quotes. */
export function shellWord(text: string): string {
  return /^[\w@%+:,./][\w@%+:,./-]*$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
