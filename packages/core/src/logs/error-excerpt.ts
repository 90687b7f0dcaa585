/** Usually enough to show why a program failed. */
const maxLines = 20;
/** The message of an error may have more lines, such as the files that require a module. */
const maxMessageLines = 5;
/** They show where the error arose, and how the program got there. */
const maxOwnFrames = 3;
/** The last one is the root cause. */
const maxCauses = 2;

/** Frames of JavaScript, Java, Ruby, Python, PHP and Go. */
const frameForm = /^\s+(?:at |from |File ")|^#\d+ |^\t\S+\.go:\d+/;
/** Frames of runtimes, libraries and frameworks. The others belong to the program. */
const foreignForm =
  /\bnode:|\bbun:|\bext:|[/\\](?:node_modules|site-packages|dist-packages|gems|vendor)[/\\]|<anonymous>\)?$|<frozen |\blib\/(?:python|ruby)[\d./]|\/go\/(?:src|pkg)\/|^\s+at (?:[\w.@]+\/+)?(?:javax?|jdk|(?:com\.)?sun|io\.netty|org\.(?:springframework|apache|hibernate|eclipse))\./;
/** What else a stack trace consists of. Values of the error and its source code are indented. */
const traceForm =
  /^(?:\s|$|[}\]]|#\d|Caused by: |Emitted '|Stack trace:|goroutine \d|created by |[\w./*()[\]]+\(.*\)$)/;
/** An error within an error. Those of an AggregateError have no name. */
const causeForm = /^\s*(?:\[cause\]: |Caused by: )|^\s+\w*Error(?: \[\w+\])?: /;
const errorForm = /(?:error|exception)\b|\bpanic|\bfatal/i;

const pythonForm = /^Traceback \(most recent call last\):/;
/** How Python joins an error to the one before it. */
const pythonJointForm = /^(?:The above exception was the direct cause|During handling of the above exception)/;

/**
 * The last lines of an output, at most 20, where an ellipsis stands for lines that are omitted. If they are the end of a long
 * stack trace, the error comes first, with the first frames of the program itself and the causes. Pure.
 */
export function withError(lines: readonly string[]): readonly string[] {
  const start = findTrace(lines);
  if (start === undefined || start >= lines.length - maxLines) return lines.slice(-maxLines);
  const isPython = pythonForm.test(lines[start] ?? '');
  const essential = isPython ? essentialsOfPython(lines, start) : essentialsOf(lines, start);
  for (let tail = maxLines; tail > 0; tail--) {
    const shown = excerpt(lines, (index) => essential.has(index) || index >= lines.length - tail);
    if (shown.length <= maxLines) return shown;
  }
  return lines.slice(-maxLines);
}

/** The line before the last stack trace. */
function findTrace(lines: readonly string[]): number | undefined {
  let hasFrame = false;
  for (const [index, line] of [...lines.entries()].reverse()) {
    if (traceForm.test(line)) hasFrame ||= frameForm.test(line);
    else if (hasFrame) return index;
  }
  return undefined;
}

function excerpt(lines: readonly string[], isShown: (index: number) => boolean): readonly string[] {
  return lines.flatMap((line, index) => {
    if (isShown(index)) return [line];
    return index > 0 && isShown(index - 1) ? ['…'] : [];
  });
}

/** The error, its first own frames, and its causes, each with its first own frame. */
function essentialsOf(lines: readonly string[], start: number): ReadonlySet<number> {
  const from = Math.max(0, start + 1 - maxMessageLines);
  const message = lines.slice(from, start + 1).findLastIndex((line) => errorForm.test(line));
  const error = message === -1 ? start : from + message;
  const end = endOfTrace(lines, start);
  const causes = indices(lines, start + 1, end, isCause);
  const framesOf = (at: number, count: number) =>
    indices(lines, at + 1, causes.find((cause) => cause > at) ?? end, isOwnFrame)
      .slice(0, count)
      .flatMap((frame) => (isGoFrame(lines[frame] ?? '') ? [frame - 1, frame] : [frame]));
  const ofCauses = causes.slice(-maxCauses).flatMap((cause) => [cause, ...framesOf(cause, 1)]);
  return new Set([error, ...framesOf(start, maxOwnFrames), ...ofCauses]);
}

/** Python prints the frames in the opposite order, then the error. The error that caused it comes before it. */
function essentialsOfPython(lines: readonly string[], start: number): ReadonlySet<number> {
  const end = endOfTrace(lines, start);
  const frame = indices(lines, start, end, isOwnFrame).at(-1);
  const joint = lines.slice(0, start).findLastIndex((line) => line.trim() !== '');
  const isJoined = pythonJointForm.test(lines[joint] ?? '');
  const cause = isJoined ? lines.slice(0, joint).findLastIndex((line) => line.trim() !== '') : -1;
  return new Set([
    ...(cause === -1 ? [] : [cause, joint]),
    ...[start, end],
    // The source code of a frame is on the line after it.
    ...(frame === undefined ? [] : [frame, frame + 1]),
  ]);
}

/** The first line after a stack trace. */
function endOfTrace(lines: readonly string[], start: number): number {
  const length = lines.slice(start + 1).findIndex((line) => !traceForm.test(line));
  return length === -1 ? lines.length : start + 1 + length;
}

function indices(
  lines: readonly string[],
  from: number,
  to: number,
  accepts: (line: string) => boolean,
): readonly number[] {
  return lines.slice(from, to).flatMap((line, index) => (accepts(line) ? [from + index] : []));
}

function isCause(line: string): boolean {
  return causeForm.test(line);
}

function isOwnFrame(line: string): boolean {
  return frameForm.test(line) && !foreignForm.test(line);
}

/** The line before it has the name of the function. */
function isGoFrame(line: string): boolean {
  return /^\t\S+\.go:\d/.test(line);
}

/** What npm prints below the output of a script that has failed. */
const npmForm = /^npm (?:error|ERR!)/;

/** The last line with an error, or else the last line that is not blank. Undefined if there is none. Pure. */
export function findErrorLine(lines: readonly string[]): string | undefined {
  const own = lines.filter((line) => line.trim() !== '' && !npmForm.test(line));
  return (own.findLast((line) => errorForm.test(line)) ?? own.at(-1))?.trim();
}
