import { hostname } from 'node:os';
import type { RecordedProcess, Recording } from '../recorded-snapshot.ts';

interface Names {
  /** In the order of replacement. */
  readonly paths: readonly { readonly from: string; readonly to: string }[];
  /** Pid of the recorder, which plays the role of the calling candle process. */
  readonly recorder: number;
}

/**
 * Renders the recording as JSON, one process per line, without any information about the machine that it was made on.
 */
export function anonymize(recording: Recording, { paths, recorder }: Names): string {
  const rename = (text: string) => paths.reduce((renamed, { from, to }) => renamed.replaceAll(from, to), text);
  const named = (process: RecordedProcess): RecordedProcess => {
    if (process.pid === recorder) return { ...process, command: 'candle', commandLine: 'candle (caller)' };
    return process.pid === 1 ? { ...process, command: 'init', commandLine: 'init' } : process;
  };
  const moments = Object.entries(recording.moments).map(([moment, { run, processes }]) => {
    const lines = processes.map((process) => `        ${JSON.stringify(named(process))}`).join(',\n');
    return `    ${JSON.stringify(moment)}: {\n      "run": ${JSON.stringify(run)},\n      "processes": [\n${lines}\n      ]\n    }`;
  });
  const { version, shell } = recording;
  const head = `  "version": ${JSON.stringify(version)},\n  "shell": ${JSON.stringify(shell)},\n`;
  const text = rename(`{\n${head}  "moments": {\n${moments.join(',\n')}\n  }\n}\n`);
  const left = new RegExp(`.{0,80}(/tmp/|/root|/work|\\b${hostname()}\\b).*`).exec(text);
  if (left) throw new Error(`The recording contains information about this machine: ${left[0]}`);
  return text;
}
