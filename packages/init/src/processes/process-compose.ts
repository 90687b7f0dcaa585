import {
  commandIn,
  type Entries,
  entriesOf,
  type ParsedFile,
  readYaml,
  reported,
  textOf,
  textsOf,
  wordOf,
} from '../parsed-file.ts';
import type { ProjectFiles } from '../project-files.ts';
import type { WrittenService } from '../proposal.ts';
import { escapeTemplates, Findings, pathIn, quoteWord, resolvePath, type Source } from '../source.ts';
import { mergeEntries } from '../written-entries.ts';
import { addProcess, enter, envFileOf } from './process.ts';

const names = ['process-compose.yml', 'process-compose.yaml'];
const overrides = ['process-compose.override.yml', 'process-compose.override.yaml'];

export const processCompose: Source = {
  fileNames: names,
  find(files, directory) {
    const findings = new Findings();
    const read = (candidates: readonly string[]) => {
      const file = candidates.map((name) => pathIn(directory, name)).find((path) => files.kindOf(path) === 'file');
      return file === undefined ? undefined : reported(findings, readYaml(files, file));
    };
    const main = read(names);
    if (main === undefined) return findings;
    const override = read(overrides);
    const value = entriesOf(mergeEntries(main.value, override?.value));
    const processes = entriesOf(value.processes);
    const jobs = jobsIn(processes);
    for (const [name, written] of Object.entries(processes)) {
      const isInMain = Object.hasOwn(entriesOf(entriesOf(main.value).processes), name);
      const parsed = isInMain || override === undefined ? main : override;
      const entries = entriesOf(written);
      const context = { findings, files, parsed, directory, vars: entriesOf(value.vars), global: value.environment };
      addWritten(context, name, entries, jobs.has(name));
    }
    return findings.withKnownDependencies();
  },
};

/** Processes that another one waits for until they have ended. */
function jobsIn(processes: Entries): ReadonlySet<string> {
  return new Set(
    Object.values(processes).flatMap((process) =>
      Object.entries(entriesOf(entriesOf(process).depends_on)).flatMap(([name, dependency]) =>
        /^process_completed/.test(wordOf(entriesOf(dependency).condition)) ? [name] : [],
      ),
    ),
  );
}

interface Context {
  readonly findings: Findings;
  readonly files: ProjectFiles;
  readonly parsed: ParsedFile;
  readonly directory: string;
  readonly vars: Entries;
  /** The environment of all processes. */
  readonly global: unknown;
}

function addWritten(context: Context, name: string, written: Entries, isJob: boolean): void {
  const { findings, files, parsed, directory, vars } = context;
  const place = parsed.placeOf(['processes', name]);
  const fill = (text: string) => fillVariables(text, { ...vars, PC_PROC_NAME: name, PC_REPLICA_NUM: 0 });
  const command = fill(textOf(written.command) ?? textsOf(written.entrypoint).map(quoteWord).join(' '));
  if (commandIn(command) === undefined) {
    findings.report(place, `The process '${name}' has no command`);
    return;
  }
  if (command.includes('{{')) {
    findings.ignore(place, `The command of '${name}' contains a template of process-compose`);
    return;
  }
  const cwd = textOf(written.working_dir) ?? '.';
  const root = resolvePath(directory, cwd);
  const replicas = Number(wordOf(written.replicas));
  if (replicas > 1) findings.advise(place, `'${name}' runs once instead of ${replicas} times`);
  const probe = entriesOf(entriesOf(written.readiness_probe).http_get);
  const port = Number(fill(wordOf(probe.port)));
  addProcess(findings, files, {
    name,
    shell: root === undefined ? `${enter(cwd)}${command}` : command,
    directory: root ?? directory,
    place,
    ...(isLocal(probe) && Number.isInteger(port) && port > 0 && !isJob ? { port } : {}),
    fields: {
      ...envFileOf(files, directory),
      ...environmentFor(context, name, written),
      ...(written.disabled === true ? { autostart: false } : {}),
      ...dependenciesOf(written),
      ...(isJob ? { port: null, oneshot: true } : readinessOf(written, fill)),
      ...(isJob ? {} : restartOf(entriesOf(written.availability))),
      ...stopOf(entriesOf(written.shutdown)),
    },
    ...unselected(written),
  });
}

function unselected(written: Entries): { readonly unselectedBecause?: string } {
  if (written.is_foreground === true || written.is_interactive === true)
    return { unselectedBecause: 'it needs a terminal' };
  if (written.schedule !== undefined) return { unselectedBecause: 'it runs on a schedule' };
  return {};
}

/** Replaces Go templates with their values, as far as they are known, and `$$` with the `$` that it stands for. */
function fillVariables(text: string, values: Entries): string {
  return text
    .replace(/\{\{-?\s*\.(\w+)\s*-?\}\}/g, (all, name: string) =>
      Object.hasOwn(values, name) ? wordOf(values[name]) : all,
    )
    .replaceAll('$$', () => '$');
}

function environmentFor(
  { findings, parsed, global }: Context,
  name: string,
  written: Entries,
): Partial<WrittenService> {
  const env = Object.entries({ ...variablesIn(global), ...variablesIn(written.environment) });
  for (const [key] of env.filter(([, value]) => usesVariables(value))) {
    const place = parsed.placeOf(['processes', name, 'environment']);
    findings.advise(place, `The variable ${key} of '${name}' refers to another variable; write its value into "env"`);
  }
  const fixed = env.filter(([, value]) => !usesVariables(value));
  return fixed.length === 0 ? {} : { env: Object.fromEntries(fixed) };
}

function usesVariables(value: string): boolean {
  return /\$\{?[A-Za-z_]/.test(value);
}

/** Variables as a list of `NAME=value`, or as an object. */
export function variablesIn(value: unknown): Readonly<Record<string, string>> {
  const written = Array.isArray(value)
    ? textsOf(value).flatMap((text) => (text.includes('=') ? [splitAt(text, text.indexOf('='))] : []))
    : Object.entries(entriesOf(value)).flatMap(([key, set]) =>
        typeof set === 'object' ? [] : [[key, wordOf(set)] as const],
      );
  return Object.fromEntries(written.filter(([key, set]) => key !== '' && !/[=\0]/.test(key) && !set.includes('\0')));
}

function splitAt(text: string, index: number): readonly [string, string] {
  return [text.slice(0, index), text.slice(index + 1)];
}

function dependenciesOf({ depends_on: written }: Entries): Partial<WrittenService> {
  const dependsOn = Array.isArray(written) ? textsOf(written) : Object.keys(entriesOf(written));
  return dependsOn.length === 0 ? {} : { dependsOn };
}

function isLocal({ host }: Entries): boolean {
  return host === undefined || /^(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[?::1\]?)$/.test(wordOf(host));
}

function readinessOf(written: Entries, fill: (text: string) => string): Partial<WrittenService> {
  const probe = entriesOf(written.readiness_probe);
  const http = entriesOf(probe.http_get);
  const shell = commandIn(entriesOf(probe.exec).command);
  const line = textOf(written.ready_log_line);
  if (shell !== undefined) return { ready: { exec: escapeTemplates(fill(shell)) } };
  if (probe.http_get !== undefined) {
    const path = textOf(http.path) ?? '/';
    if (isLocal(http))
      return http.port !== undefined && /^\/\S*$/.test(path) ? { ready: { http: escapeTemplates(path) } } : {};
    const scheme = /^https$/i.test(wordOf(http.scheme)) ? 'https' : 'http';
    const url = `${scheme}://${wordOf(http.host)}${http.port === undefined ? '' : `:${wordOf(http.port)}`}${path}`;
    return URL.canParse(url) ? { ready: { http: escapeTemplates(url) } } : {};
  }
  return line === undefined || line === '' ? {} : { ready: { log: escapeTemplates(line) } };
}

const restarts: ReadonlyMap<string, string> = new Map([
  ['always', 'always'],
  ['on_failure', 'on-failure'],
]);

function restartOf({ restart }: Entries): Partial<WrittenService> {
  const policy = restarts.get(wordOf(restart));
  return policy === undefined ? {} : { restart: policy };
}

const signals: Readonly<Record<number, string>> = {
  1: 'SIGHUP',
  2: 'SIGINT',
  3: 'SIGQUIT',
  9: 'SIGKILL',
  10: 'SIGUSR1',
  12: 'SIGUSR2',
};

function stopOf({
  command,
  signal,
  timeout_seconds: seconds,
  parent_only: isMainOnly,
}: Entries): Partial<WrittenService> {
  const stopSignal = signals[Number(wordOf(signal))];
  const stopCommand = commandIn(command);
  return {
    ...(stopCommand === undefined ? {} : { stopCommand }),
    ...(stopSignal === undefined ? {} : { stopSignal }),
    ...(isMainOnly === true ? { stopTarget: 'main' } : {}),
    ...(typeof seconds === 'number' && seconds >= 0 && seconds < 3600 ? { stopTimeout: `${seconds}s` } : {}),
  };
}
