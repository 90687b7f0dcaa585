import type { ProjectFiles } from '../project-files.ts';
import type { Finding, Note, WrittenSetup } from '../proposal.ts';
import { type Candidate, type Choice, type Chooser, chooserOf } from './choose-scripts.ts';
import type { Package } from './package-json.ts';
import { otherLockfiles } from './package-manager.ts';
import { installRoots, packageSetupOf } from './package-setup.ts';
import { type Planned, proposeService } from './propose-service.ts';
import { namesOf } from './service-names.ts';
import { findTurbo } from './turbo.ts';
import type { Verdict } from './verdict.ts';
import { findWorkspace, type Workspace } from './workspace.ts';

/** What the packages of a project contribute, and the command that installs their dependencies. */
export interface PackagesFinding extends Finding {
  readonly setup?: WrittenSetup;
}

/** The services in the package.json and deno.json files of a project. */
export function findPackages(files: ProjectFiles): PackagesFinding {
  const workspace = findWorkspace(files);
  const turbo = findTurbo(files);
  const chooser = chooserOf(files, workspace);
  const plan = planOf(workspace, chooser);
  const names = namesOf(plan);
  const libraries = librariesIn(plan);
  const proposals = plan.map((planned, at) => proposeService(planned, names[at] ?? 'app', workspace, turbo, libraries));
  const setup = packageSetupOf(workspace, installRoots(workspace, usedPackages(plan)));
  return {
    services: proposals.map(({ proposed }) => proposed),
    ports: [],
    ignored: [
      ...workspace.packages.flatMap((found) => candleNotes(found, chooser)),
      ...(workspace.root === undefined ? [] : fanOutNotes(workspace.root, chooser)),
      ...(plan.length > 0 ? [] : workspace.packages.flatMap((found) => toolNotes(found, chooser))),
    ],
    advice: [...workspace.advice, ...lockfileNotes(files, workspace), ...proposals.flatMap(({ advice }) => advice)],
    problems: [...workspace.problems, ...(turbo?.problems ?? [])],
    ...(setup === undefined ? {} : { setup }),
  };
}

/** The command that installs the dependencies of the packages in these directories. */
export function findPackageSetup(files: ProjectFiles, directories: readonly string[]): WrittenSetup | undefined {
  const workspace = findWorkspace(files);
  const used = workspace.packages.filter(({ directory }) => directories.includes(directory));
  return packageSetupOf(workspace, installRoots(workspace, used));
}

function planOf(workspace: Workspace, chooser: Chooser): readonly Planned[] {
  const { root, packages } = workspace;
  const rootChoice = root && chooser.choose(root);
  const started = isFanOut(root, rootChoice) ? rootChoice : undefined;
  const planned = new Map<string, Planned>();
  const add = (candidate: Candidate, group: readonly Candidate[], because?: string, isExtra = false) => {
    const { from, script, shell } = candidate.process;
    const key = `${from.file}#${script ?? shell}`;
    const reason = unselectedReason(candidate, group) ?? because;
    if (candidate.verdict.kind === 'tool' || candidate.verdict.kind === 'candle' || planned.has(key)) return;
    planned.set(key, {
      ...candidate,
      isExtra,
      isSelected: reason === undefined,
      ...(reason && { unselectedBecause: reason }),
    });
  };
  for (const candidate of rootChoice?.candidates ?? []) add(candidate, rootChoice?.candidates ?? []);
  const isStarted = (found: Package) => started?.candidates.some(({ process }) => process.from === found) === true;
  for (const found of packages.filter((each) => each !== root && !isStarted(each))) {
    const because = started && `"${started.script}" in package.json does not start it`;
    const candidates = chooser.choose(found)?.candidates ?? [];
    for (const candidate of candidates) add(candidate, candidates, because);
  }
  for (const found of packages) {
    const isKnown = ({ verdict }: Candidate) =>
      [...planned.values()].some((each) => each.process.from === found && isSameOptional(each.verdict, verdict));
    for (const candidate of chooser.extras(found)) if (!isKnown(candidate)) add(candidate, [], undefined, true);
  }
  return withDocumentation([...planned.values()].sort(byDirectory));
}

/** Whether both are the documentation, Storybook or the like of one package. */
function isSameOptional(one: Verdict, other: Verdict): boolean {
  return one.kind === 'optional' && other.kind === 'optional' && one.reason === other.reason;
}

function byDirectory(a: Planned, b: Planned): number {
  return a.process.from.directory.localeCompare(b.process.from.directory, 'en');
}

/** A script of the root that starts programs of other packages. */
function isFanOut(root: Package | undefined, choice: Choice | undefined): choice is Choice {
  return choice?.candidates.some(({ process, verdict }) => process.from !== root && verdict.kind === 'server') === true;
}

function unselectedReason({ process, verdict }: Candidate, group: readonly Candidate[]): string | undefined {
  if (verdict.kind === 'optional') return verdict.reason;
  if (verdict.kind !== 'watcher') return undefined;
  // The server beside it needs the result of the build.
  const isNeeded = group.some((other) => other.verdict.kind === 'server' && other.process.from === process.from);
  return process.isSplit && isNeeded ? undefined : 'it only builds again when files change';
}

/** In a project that has nothing else, the documentation is what people start. */
function withDocumentation(planned: readonly Planned[]): readonly Planned[] {
  if (planned.some(({ isSelected }) => isSelected)) return planned;
  return planned.map((each) => {
    if (each.verdict.kind !== 'optional' || !each.verdict.isDocumentation) return each;
    const { unselectedBecause: _, ...rest } = each;
    return { ...rest, isSelected: true };
  });
}

/** The packages that turbo builds again whenever files change. Without these builds, they have to be built before. */
function librariesIn(plan: readonly Planned[]): ReadonlySet<string> {
  const builds = plan.filter(({ process, verdict }) => process.hasTurbo && verdict.kind === 'watcher');
  return new Set(builds.flatMap(({ process }) => process.from.name ?? []));
}

function usedPackages(plan: readonly Planned[]): readonly Package[] {
  return plan.filter(({ isSelected }) => isSelected).map(({ process }) => process.from);
}

function candleNotes(found: Package, chooser: Chooser): readonly Note[] {
  return chooser.callsOfCandle(found).map((script) => ({
    place: { file: found.file, line: found.scripts.get(script)?.line ?? 1 },
    text: `"${script}" runs Candle itself, so it is not a service`,
  }));
}

/** Why a project has no service, although a script has the name of one. */
function toolNotes(found: Package, chooser: Chooser): readonly Note[] {
  const script = chooser.toolOf(found);
  if (script === undefined) return [];
  const place = { file: found.file, line: found.scripts.get(script)?.line ?? 1 };
  return [
    { place, text: `"${script}" is not a service, because nothing in its command is a server that Candle knows` },
  ];
}

function fanOutNotes(root: Package, chooser: Chooser): readonly Note[] {
  const choice = chooser.choose(root);
  // The projects of nx are not started by a script.
  if (
    choice === undefined ||
    !root.scripts.has(choice.script) ||
    choice.candidates.every(({ process }) => process.from === root && !process.isSplit)
  ) {
    return [];
  }
  const outside = choice.candidates.flatMap(({ process: { outside, shell, place } }) =>
    outside === undefined
      ? []
      : [
          {
            place,
            text: `"${shell}" runs in ${outside}, which has no package.json; check that a service does the same`,
          },
        ],
  );
  return [
    {
      place: { file: root.file, line: root.scripts.get(choice.script)?.line ?? 1 },
      text: `"${choice.script}" only starts other programs, which become services instead`,
    },
    ...outside,
  ];
}

function lockfileNotes(files: ProjectFiles, { root, managerOf }: Workspace): readonly Note[] {
  if (root === undefined) return [];
  const manager = managerOf(root);
  return otherLockfiles(files, '', manager).map((file) => ({
    place: { file },
    text: `This lockfile is not used, because the project uses ${manager.agent.split('@')[0]}`,
  }));
}
