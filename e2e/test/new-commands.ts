/** What a start prints on stderr, without the commands that it runs for the first time. */
export function withoutNewCommands(stderr: string): string {
  return stderr.replace(/^First start of these commands on this machine:\n(?: {2}.*\n)+/, '');
}
