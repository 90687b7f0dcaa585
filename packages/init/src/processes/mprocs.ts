import {
  commandIn,
  type Entries,
  entriesOf,
  readJsonc,
  readYaml,
  reported,
  textOf,
  textsOf,
  wordOf,
} from '../parsed-file.ts';
import type { ProjectFiles } from '../project-files.ts';
import { Findings, pathIn, quoteWord, resolvePath, type Source } from '../source.ts';
import { addProcess, enter } from './process.ts';
import { variablesIn } from './process-compose.ts';

const names = ['mprocs.yaml', 'mprocs.yml', 'mprocs.json'];

/** What mprocs sends to stop a process, as a signal. */
const stopSignals: ReadonlyMap<string, string> = new Map([
  ['SIGINT', 'SIGINT'],
  ['SIGKILL', 'SIGKILL'],
  ['hard-kill', 'SIGKILL'],
]);

export const mprocs: Source = {
  fileNames: names,
  find(files, directory, { platform }) {
    const findings = new Findings();
    const file = names.map((name) => pathIn(directory, name)).find((path) => files.kindOf(path) === 'file');
    const read = file?.endsWith('.json') === true ? readJsonc : readYaml;
    const parsed = file === undefined ? undefined : reported(findings, read(files, file));
    if (parsed === undefined) return findings;
    const select = (value: unknown) => selectFor(platform, value);
    for (const [name, value] of Object.entries(entriesOf(select(entriesOf(parsed.value).procs)))) {
      const written = select(value);
      if (written === null) continue;
      const place = parsed.placeOf(['procs', name]);
      const entries = entriesOf(written);
      const fields = Object.fromEntries(Object.entries(entries).map(([key, field]) => [key, select(field)]));
      const shell = commandOf(written, fields);
      if (shell === undefined) findings.report(place, `The process '${name}' has neither 'shell' nor 'cmd'`);
      else addWritten(findings, files, { name, shell, fields, directory, place, select });
    }
    return findings.withKnownDependencies();
  },
};

interface WrittenProcess {
  readonly name: string;
  readonly shell: string;
  readonly fields: Entries;
  readonly directory: string;
  readonly place: { readonly file: string };
  readonly select: (value: unknown) => unknown;
}

function addWritten(
  findings: Findings,
  files: ProjectFiles,
  { name, shell, fields, directory, place, select }: WrittenProcess,
): void {
  const env = Object.entries(entriesOf(fields.env)).map(([key, value]) => [key, select(value)] as const);
  const cwd = (textOf(fields.cwd) ?? '.').replace(/^<CONFIG_DIR>\/?/, './');
  const root = resolvePath(directory, cwd);
  const set = variablesIn(Object.fromEntries(env));
  const stop = entriesOf(fields.stop)['send-keys'] === undefined ? stopSignals.get(wordOf(fields.stop)) : 'SIGINT';
  const deps = textsOf(fields.deps);
  addProcess(findings, files, {
    name,
    shell: [
      ...env.filter(([, value]) => value === null).map(([key]) => `unset ${quoteWord(key)}; `),
      ...textsOf(fields.add_path).map((path) => `PATH=${quoteWord(path)}:"$PATH"; `),
      ...(root === undefined ? [enter(cwd)] : []),
      shell,
    ].join(''),
    directory: root ?? directory,
    place,
    fields: {
      ...(Object.keys(set).length === 0 ? {} : { env: set }),
      ...(fields.autostart === false ? { autostart: false } : {}),
      ...(fields.autorestart === true ? { restart: 'always' } : {}),
      ...(stop === undefined ? {} : { stopSignal: stop }),
      ...(deps.length === 0 ? {} : { dependsOn: deps }),
    },
  });
}

function commandOf(written: unknown, { shell, cmd }: Entries): string | undefined {
  const words = Array.isArray(written) ? written : cmd;
  const inWords = Array.isArray(words) ? textsOf(words).map(quoteWord).join(' ') : '';
  return commandIn(written) ?? commandIn(shell) ?? commandIn(inWords);
}

/** mprocs can select a value by operating system. */
function selectFor(platform: NodeJS.Platform, value: unknown): unknown {
  const entries = entriesOf(value);
  if (entries.$select !== 'os') return value;
  const os = platform === 'darwin' ? 'macos' : platform;
  return Object.hasOwn(entries, os) ? entries[os] : (entries.$else ?? null);
}
