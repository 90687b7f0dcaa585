import { readJsonc, textOf, valueAt } from '../parsed-file.ts';
import type { ProjectFiles } from '../project-files.ts';
import type { Place } from '../proposal.ts';
import { inDirectory } from '../source.ts';
import { findFanOut } from './fan-out.ts';
import { findNxTarget } from './nx.ts';
import type { Package, Script } from './package-json.ts';
import { changedDirectory, findScriptCall } from './script-calls.ts';
import { joined, sequencesIn } from './shell-line.ts';
import type { Workspace } from './workspace.ts';
import { unwrap } from './wrappers.ts';

/** A command, with the package in whose directory it runs. */
export interface Step {
  readonly from: Package;
  readonly shell: string;
}

/** A program that a script starts, possibly through other scripts. */
export interface Process {
  readonly from: Package;
  /** The package in whose directory its command is started; the same, except with nx. */
  readonly startedIn: Package;
  readonly place: Place;
  /** The script of the package that starts this program only; undefined if there is none. */
  readonly script: string | undefined;
  /** Whether arguments that are appended to this script are passed to the program. */
  readonly takesArguments: boolean;
  /** Whether arguments that are appended to the line that starts it are passed to the program. */
  readonly isOpen: boolean;
  /** The name that the script gives it, as in `concurrently -n api,web`. */
  readonly label: string | undefined;
  /** The command of the program itself. */
  readonly command: string;
  /** The same with the programs that prepare its environment. */
  readonly shell: string;
  /** The variables that the scripts set for it. */
  readonly assigned: ReadonlyMap<string, string>;
  /** Commands that have to succeed before its own command. */
  readonly before: readonly Step[];
  /** Those of them that its script does not contain. */
  readonly beforeScript: readonly Step[];
  /** Whether other programs are started at the same time. */
  readonly isSplit: boolean;
  /** Whether turbo starts it. */
  readonly hasTurbo: boolean;
  /** The directory that it changes to, relative to the project, if that has no package. */
  readonly outside?: string;
}

/** Longer chains of scripts are circles. */
const maxDepth = 12;

/** Scripts that are resolved for one script; those that call each other would otherwise take exponential time. */
const maxCalls = 500;

interface Scope {
  readonly files: ProjectFiles;
  readonly workspace: Workspace;
}

interface Search extends Scope {
  /** The scripts that are being resolved, from the outermost to the innermost. */
  readonly trail: readonly Script[];
  readonly calls: { left: number };
}

/** The programs that a script starts; empty if there is no such script. */
export function processesOf(scope: Scope, from: Package, name: string): readonly Process[] {
  return ofScript({ ...scope, trail: [], calls: { left: maxCalls } }, from, name, 0);
}

function ofScript(search: Search, from: Package, name: string, depth: number): readonly Process[] {
  const script = from.scripts.get(name);
  if (script === undefined || depth > maxDepth || search.trail.includes(script) || search.calls.left <= 0) return [];
  search.calls.left -= 1;
  const scope = { ...search, trail: [...search.trail, script] };
  const place = { file: from.file, line: script.line };
  const processes = ofShell(scope, from, script.text, place, depth + 1);
  const [only, second] = processes;
  if (only === undefined || second !== undefined || only.from !== from || only.isSplit || only.hasTurbo)
    return processes;
  // The outer script also runs its `pre` script, but it can be used only if it passes arguments on.
  if (only.script !== undefined && !only.isOpen) return processes;
  return [{ ...only, script: name, takesArguments: only.isOpen, place, beforeScript: [] }];
}

function ofShell(scope: Search, from: Package, shell: string, place: Place, depth: number): readonly Process[] {
  if (depth > maxDepth) return [];
  const sequences = sequencesIn(shell);
  return sequences.flatMap(({ before, last }): readonly Process[] => {
    const directories = before.map((step) => changedDirectory(from, step)).filter((each) => each !== undefined);
    const directory = directories.at(-1);
    const inside =
      directory === undefined ? from : scope.workspace.packages.find((each) => each.directory === directory);
    if (inside === undefined) return [{ ...commandProcess(from, last, place), outside: directory ?? '' }];
    const steps = before
      .filter((step) => changedDirectory(from, step) === undefined)
      .map((step) => ({ from, shell: step }));
    const isGroup = last.startsWith('(') && sequences.length > 1;
    const processes = isGroup
      ? ofShell(scope, inside, last, place, depth + 1)
      : ofCommand(scope, inside, last, place, depth);
    return processes.map((process) => ({
      ...process,
      before: [...steps, ...process.before],
      beforeScript: [...steps, ...process.beforeScript],
      ...(sequences.length > 1 ? { isOpen: false, isSplit: true } : {}),
    }));
  });
}

function ofCommand(scope: Search, from: Package, shell: string, place: Place, depth: number): readonly Process[] {
  if (depth > maxDepth) return [];
  const { words, assigned, nested } = unwrap(shell);
  const withAssigned = (processes: readonly Process[]) =>
    processes.map((each) => ({ ...each, assigned: new Map([...assigned, ...each.assigned]) }));
  const call = findScriptCall(scope.workspace, from, words);
  if (call !== undefined) {
    const { script, args, packages, forwards } = call;
    return withAssigned(
      packages.flatMap((each) => {
        if (args.length === 0) {
          const processes = ofScript(scope, each, script, depth);
          return processes.map((process) => ({ ...process, isOpen: process.takesArguments && forwards }));
        }
        const called = each.scripts.get(script);
        if (called === undefined || scope.trail.includes(called)) return [];
        const inner = { ...scope, trail: [...scope.trail, called] };
        const processes = ofShell(inner, each, `${called.text} ${joined(args)}`, place, depth + 1);
        const [only, second] = processes;
        if (only === undefined || second !== undefined) return processes;
        return [
          {
            ...only,
            isOpen: only.isOpen && forwards,
            ...(each === from && !only.isSplit ? { shell } : {}),
          },
        ];
      }),
    );
  }
  const target = findNxTarget(words);
  const project = target && scope.workspace.nxProjects.find(({ name }) => name === target.project);
  if (target !== undefined && project?.found?.scripts.has(target.name)) {
    const [only] = ofScript(scope, project.found, target.name, depth);
    const own = { startedIn: from, script: undefined, shell, label: target.project, isOpen: true };
    return only === undefined ? [] : withAssigned([{ ...only, ...own }]);
  }
  const fanOut = findFanOut(scope.workspace, from, words);
  if (fanOut?.kind === 'packages') {
    return withAssigned(
      fanOut.packages.flatMap((each) =>
        ofScript(scope, each, fanOut.script, depth).map((process) => ({ ...process, hasTurbo: true })),
      ),
    );
  }
  if (fanOut !== undefined) {
    const before = fanOut.before.map((step) => ({ from, shell: step }));
    return withAssigned(
      fanOut.commands.flatMap(({ label, shell: command }) =>
        ofShell(scope, from, command, place, depth + 1).map((process) => ({
          ...process,
          label: label ?? process.label,
          before: [...before, ...process.before],
          beforeScript: [...before, ...process.beforeScript],
          isSplit: process.isSplit || fanOut.commands.length > 1,
          isOpen: false,
        })),
      ),
    );
  }
  const inner =
    nested ??
    nodemonCommand(
      scope,
      from,
      words.map(({ text }) => text),
    );
  if (inner !== undefined) {
    // The program that restarts it has to stay.
    const own = { script: undefined, isOpen: false, isSplit: false, shell, before: [], beforeScript: [] };
    const [only] = ofShell(scope, from, inner, place, depth + 1);
    return only === undefined ? [] : withAssigned([{ ...only, ...own }]);
  }
  // `pnpm vite` runs a program of node_modules, and so does `bun run vite`.
  const isManager = /^(?:pnpm|yarn|bun)$/.test(words[0]?.text ?? '') && words.length > 1;
  const runs = words.slice(words[1]?.text === 'run' || words[1]?.text === '--bun' ? 2 : 1);
  const isFile = /[./]/.test(runs.find(({ text }) => !text.startsWith('-'))?.text ?? '');
  if (isManager && !isFile && !runs[0]?.text.startsWith('-')) {
    const text = joined(runs);
    const processes = ofCommand(scope, from, text, place, depth + 1);
    return withAssigned(processes.map((each) => (each.shell === text ? { ...each, shell } : each)));
  }
  return [{ ...commandProcess(from, shell, place, target?.project), command: joined(words), assigned }];
}

/** A process that a command starts without a script. */
export function commandProcess(from: Package, shell: string, place: Place, label?: string): Process {
  return {
    from,
    startedIn: from,
    place,
    script: undefined,
    takesArguments: false,
    isOpen: true,
    label,
    command: shell,
    shell,
    assigned: new Map(),
    before: [],
    beforeScript: [],
    isSplit: false,
    hasTurbo: false,
  };
}

/** The command in nodemon.json, for nodemon without a file. */
function nodemonCommand({ files }: Scope, from: Package, words: readonly string[]): string | undefined {
  if (words[0] !== 'nodemon' || words.slice(1).some((word) => !word.startsWith('-'))) return undefined;
  const { parsed } = readJsonc(files, inDirectory(from.directory, 'nodemon.json'));
  return textOf(valueAt(parsed?.value, 'exec'));
}
