import { advise, andThen, candle, type Hint, lines, quote } from '@candle/core/errors';
import { readLastLine } from '@candle/core/logs';
import { type Run, runDir } from '@candle/core/runs';
import { findLaunch, type Launch } from '../launch/launch.ts';
import type { Supervision } from '../supervision.ts';

/** A line that is complete ends with a question, and possibly with the answers that it allows: `Overwrite? (y/N)`. */
const questionForm = /\?(?:\s*(?:[:>›»]|\([^()]*\)|\[[^[\]]*\]))*$|\bpress (?:any key|enter|return)\b/i;
/** A line without a newline may also be a prompt: `Password:`, `? Name › shop`, `Continue [y/n]`, `(Pdb)`. */
const promptForm = /[:>›»]$|^\W?\?\s|[([]y(?:es)?\/no?[)\]]$|\((?:i?pdb)\+*\)$/i;

/** Whether a program that prints nothing after this line seems to wait for input. Pure. */
export function isQuestion({ text, isPartial }: { readonly text: string; readonly isPartial: boolean }): boolean {
  const line = text.trim();
  return questionForm.test(line) || (isPartial && promptForm.test(line));
}

/** How to answer the question. Pure. */
export function adviseOnQuestion(
  question: string,
  { serviceName, enableStdin, tty = false }: Pick<Launch, 'serviceName' | 'enableStdin' | 'tty'>,
): Hint {
  const answer = candle('send', serviceName, 'TEXT');
  const change = tty
    ? 'remove "enableStdin": false from the service in .candle.json'
    : 'add "enableStdin": true to the service in .candle.json, or "tty": true if its program needs a terminal';
  return lines(
    `It may be waiting for the answer to its last line: ${quote(question)}`,
    enableStdin
      ? advise('To answer', answer)
      : advise(`To answer, ${change}`, andThen(candle('restart', serviceName), answer)),
  );
}

/** What to do about a live run that seems to wait for input, instead of becoming ready. */
export async function findQuestion({ stateDir }: Pick<Supervision, 'stateDir'>, run: Run): Promise<Hint | undefined> {
  const launch = findLaunch(runDir(stateDir, run.id));
  // It finds the end of its input instead of waiting for some.
  if (launch === undefined || launch.hasEmptyStdin) return undefined;
  const last = await readLastLine(stateDir, run);
  return last && isQuestion(last) ? adviseOnQuestion(last.text.trim(), launch) : undefined;
}
