import { stripVTControlCharacters } from 'node:util';
import { type Run, RunLog, runDir } from '@candle/core';

/** Enough to say why a program has failed. */
const lastLinesShown = 20;
/** Bytes from the end that are looked at. */
const tailSize = 64 * 1024;
/** Some programs print half of themselves when they fail: enough to recognise the line is enough. */
const longestLine = 1_000;

/** The last lines of a run, without escape sequences; none when it printed nothing, or its directory is gone. */
export function readLastLines({ stateDir }: { stateDir: string }, run: Pick<Run, 'id'>): readonly string[] {
  const log = new RunLog(runDir(stateDir, run.id));
  try {
    const last = log.stretches.at(-1);
    if (!last) return [];
    return linesOf(readFrom(log, { ...last, from: Math.max(last.from, last.to - tailSize) }));
  } finally {
    log.close();
  }
}

function readFrom(log: RunLog, { generation, from, to }: { generation: number; from: number; to: number }): string {
  const blocks: Buffer[] = [];
  for (let offset = from; offset < to; ) {
    const block = log.read({ generation, offset }, to - offset);
    if (block === undefined || block.length === 0) break;
    blocks.push(block);
    offset += block.length;
  }
  return Buffer.concat(blocks).toString('utf8');
}

function linesOf(text: string): readonly string[] {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines.slice(-lastLinesShown).map((line) => shorten(stripVTControlCharacters(line)));
}

/** The lines as a part of a hint. */
export function lastLinesHint(lastLines: readonly string[]): readonly string[] {
  return lastLines.length > 0 ? ['Its last lines:', ...lastLines.map((line) => `  ${line}`)] : ['It printed nothing.'];
}

function shorten(line: string): string {
  return line.length > longestLine ? `${line.slice(0, longestLine)}…` : line;
}
