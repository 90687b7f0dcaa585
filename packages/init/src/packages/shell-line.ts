/** A word of a command: as it is written, and as the program gets it. */
export interface Word {
  readonly raw: string;
  readonly text: string;
}

/** Commands that run one after the other; only the last one still runs when the service is up. */
export interface Sequence {
  readonly before: readonly string[];
  readonly last: string;
}

const operators = ['&&', '||', ';', '|', '&', '\n'] as const;

/**
 * The sequences that a shell line runs at the same time: `a && b & c` is `a`, then `b`, beside `c`. The rest of a pipe only
 * formats output, so that it is part of the command before it.
 */
export function sequencesIn(shell: string): readonly Sequence[] {
  const sequences: string[][] = [[]];
  for (const { text, operator } of stepsIn(withoutParentheses(shell))) {
    sequences.at(-1)?.push(text);
    if (operator === '&') sequences.push([]);
  }
  return sequences.flatMap((steps) => {
    // `wait` waits for the commands in the background; `|| true` and `; exit` only choose the exit code.
    const commands = steps.filter((step) => step !== '' && !/^(?:wait|true|exit)\b/.test(step));
    const last = commands.at(-1);
    return last === undefined ? [] : [{ before: commands.slice(0, -1), last }];
  });
}

/** Splits a command into words, as the shell would, but without expansions. */
export function wordsIn(command: string): readonly Word[] {
  const words: Word[] = [];
  let [raw, text, quote] = ['', '', ''];
  const end = () => {
    if (raw !== '') words.push({ raw, text });
    [raw, text] = ['', ''];
  };
  for (let at = 0; at < command.length; at += 1) {
    const char = command.charAt(at);
    if (quote === '' && /\s/.test(char)) end();
    else {
      raw += char;
      if (char === quote) quote = '';
      else if (quote === '' && (char === '"' || char === "'")) quote = char;
      else if (char === '\\' && quote !== "'" && at + 1 < command.length) {
        at += 1;
        raw += command.charAt(at);
        text += command.charAt(at);
      } else text += char;
    }
  }
  end();
  return words;
}

export function joined(words: readonly Word[]): string {
  return words.map(({ raw }) => raw).join(' ');
}

function stepsIn(shell: string): readonly { readonly text: string; readonly operator: string }[] {
  const steps: { text: string; operator: string }[] = [];
  let [text, quote, depth] = ['', '', 0];
  for (let at = 0; at < shell.length; at += 1) {
    const char = shell.charAt(at);
    const operator =
      quote === '' && depth === 0 && !isRedirection(shell, at)
        ? operators.find((each) => shell.startsWith(each, at))
        : undefined;
    if (operator === '|') {
      // Skip the rest of the pipe.
      const rest = /^\|[^;&\n]*/.exec(shell.slice(at))?.[0] ?? '|';
      text += rest;
      at += rest.length - 1;
    } else if (operator !== undefined) {
      steps.push({ text: text.trim(), operator });
      text = '';
      at += operator.length - 1;
    } else {
      text += char;
      if (char === '\\' && quote !== "'") {
        at += 1;
        text += shell.charAt(at);
      } else if (char === quote) quote = '';
      else if (quote === '' && (char === '"' || char === "'" || char === '`')) quote = char;
      else if (quote === '' && char === '(') depth += 1;
      else if (quote === '' && char === ')') depth = Math.max(0, depth - 1);
    }
  }
  return [...steps, { text: text.trim(), operator: '' }];
}

/** `2>&1` and `&>file` redirect output. */
function isRedirection(shell: string, at: number): boolean {
  return shell.charAt(at) === '&' && (shell.charAt(at - 1) === '>' || shell.charAt(at + 1) === '>');
}

function withoutParentheses(shell: string): string {
  return /^\s*\(([^()]*)\)\s*$/.exec(shell)?.[1] ?? shell;
}
