/** One word of a pasteable command: bare when every shell reads it as it stands, else in quotes. */
export function shellWord(text: string): string {
  if (/^[\w@%+:,./][\w@%+:,./-]*$/.test(text)) return text;
  if (!/\p{Cc}/u.test(text)) return `'${text.replaceAll("'", `'\\''`)}'`;
  // Control characters would act on the terminal that shows the command: bash, zsh and POSIX 2024 write them so.
  return `$'${text.replace(/['\\]/g, '\\$&').replace(/\p{Cc}/gu, octal)}'`;
}

function octal(text: string): string {
  return [...Buffer.from(text)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
}
