import { createInterface } from 'node:readline/promises';

/** 128 + SIGINT. */
const interruptedExitCode = 130;

/** Asks on the terminal; any answer other than yes means no. The question goes to stderr because stdout is for data. */
export async function confirm(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  terminal.once('SIGINT', () => process.exit(interruptedExitCode));
  const closed = new Promise<string>((resolve) => terminal.once('close', () => resolve('')));
  try {
    const answer = await Promise.race([terminal.question(`${question} [y/N] `), closed]);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}
