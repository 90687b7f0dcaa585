import type { ProjectFiles } from '../project-files.ts';
import { inDirectory } from '../source.ts';
import type { Package } from './package-json.ts';
import { commandProcess, type Process, processesOf } from './processes.ts';
import { judge, runsCandle, type Verdict } from './verdict.ts';
import type { Workspace } from './workspace.ts';

/** A program that a package starts, and what it is. */
export interface Candidate {
  readonly process: Process;
  readonly verdict: Verdict;
}

export interface Choice {
  readonly script: string;
  readonly candidates: readonly Candidate[];
}

/** Scripts that start a package for development, the preferred one first. Alternatives are started together. */
const preferred: readonly (readonly string[])[] = [
  ['dev'],
  ['start:dev', 'dev:start'],
  ['develop', 'development'],
  ['serve'],
  ['start:server', 'start:client', 'start:api', 'start:web'],
  ['start'],
];

/** Scripts that start several programs at once, if none of the above serves. */
const groups = /^(?:dev|start|watch)(?:[:-](?:all|watch|full|both|local|everything))?$/;

/** Programs that run beside the server of the same package. */
const beside = /^(?:(?:dev|start)[:-])?(workers?|queues?|jobs?|scheduler|cron|consumer)(?:[:-](?:dev|start|watch))?$/;

export interface Chooser {
  /** The script that starts the package, and what it starts; undefined if nothing does. */
  readonly choose: (found: Package) => Choice | undefined;
  /** Workers beside the server, and what people start only when they need it. */
  readonly extras: (found: Package) => readonly Candidate[];
  /** The script that people would start the package with, if it only runs tools. */
  readonly toolOf: (found: Package) => string | undefined;
  /** The scripts that start Candle itself, with which the project must not be started. */
  readonly callsOfCandle: (found: Package) => readonly string[];
}

export function chooserOf(files: ProjectFiles, workspace: Workspace): Chooser {
  const startedBy = (found: Package, script: string) => processesOf({ files, workspace }, found, script);
  const judged = (process: Process): Candidate => ({ process, verdict: judge(files, workspace, process) });
  const candidatesOf = (found: Package, script: string) => startedBy(found, script).map(judged);
  return {
    choose: (found) => {
      const choices = preferred.flatMap((scripts) => {
        const together = scripts
          .filter((script) => found.scripts.has(script))
          .map((script) => ({ script, candidates: candidatesOf(found, script) }));
        const [first] = together;
        return first === undefined || together.some(({ candidates }) => candidates.some(isCandle))
          ? []
          : [{ script: first.script, candidates: together.flatMap(({ candidates }) => candidates) }];
      });
      const group = [...found.scripts.keys()]
        .filter((script) => groups.test(script) && !choices.some((choice) => choice.script === script))
        .map((script) => ({ script, candidates: candidatesOf(found, script) }))
        .filter(({ candidates }) => candidates.length > 1 && !candidates.some(isCandle));
      const servers =
        choices.find((choice) => hasServer(choice) && !needsBuild(choice)) ??
        group.find(hasServer) ??
        choices.find(hasServer) ??
        (found === workspace.root ? nxChoice(files, workspace, found) : undefined);
      return (
        servers ??
        // A worker only, or something that is not started by default.
        choices.find(({ candidates }) => candidates.some(({ verdict }) => verdict.kind === 'worker')) ??
        choices.find(({ candidates }) => candidates.some(({ verdict }) => verdict.kind !== 'tool'))
      );
    },
    extras: (found) => {
      const names = [...found.scripts.keys()];
      const nouns = new Map<string, string>();
      for (const name of names) {
        const [, noun] = beside.exec(name) ?? [];
        // The variant for development restarts on changes.
        if (noun !== undefined && (!nouns.has(noun) || /dev|watch/.test(name))) nouns.set(noun, name);
      }
      const workers = [...nouns.values()].flatMap((name) => candidatesOf(found, name));
      const others = names
        .filter((name) => !/build|test|lint|deploy|prod|ci\b/.test(name))
        .flatMap((name) => startedBy(found, name).filter((process) => process.from === found && isExtra(process)))
        .map(judged)
        .filter(({ verdict }) => verdict.kind === 'optional');
      return [...workers.filter(({ verdict }) => verdict.kind !== 'tool'), ...others];
    },
    toolOf: (found) =>
      preferred.flat().find((script) => candidatesOf(found, script).some(({ verdict }) => verdict.kind === 'tool')),
    callsOfCandle: (found) => [...found.scripts.keys()].filter((script) => startedBy(found, script).some(runsCandle)),
  };
}

/** What the projects of nx start, which may have no script. */
function nxChoice(files: ProjectFiles, workspace: Workspace, root: Package): Choice | undefined {
  const candidates = workspace.nxProjects.flatMap((project) => {
    const name = ['dev', 'serve'].find((each) => project.targets.has(each));
    if (name === undefined) return [];
    const place = { file: inDirectory(project.directory, 'project.json') };
    const process = commandProcess(root, `nx run ${project.name}:${name}`, place, project.name);
    return [{ process, verdict: judge(files, workspace, process) }];
  });
  return candidates.length === 0 ? undefined : { script: 'nx', candidates };
}

function hasServer({ candidates }: Choice): boolean {
  return candidates.some(({ verdict }) => verdict.kind === 'server');
}

function needsBuild({ candidates }: Choice): boolean {
  return candidates.some(({ verdict }) => verdict.kind === 'server' && verdict.needsBuild === true);
}

function isCandle({ verdict }: Candidate): boolean {
  return verdict.kind === 'candle';
}

/** Storybook and the like, which have their own script beside `dev`. */
function isExtra({ command }: Process): boolean {
  return /^(?:storybook|start-storybook|email|react-email|prisma studio|drizzle-kit studio|vitepress dev|docusaurus start)(?: |$)/.test(
    command,
  );
}
