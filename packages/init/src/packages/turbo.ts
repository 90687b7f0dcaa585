import { findNodeAtLocation } from 'jsonc-parser';
import type { ProjectFiles } from '../project-files.ts';
import type { Note } from '../proposal.ts';
import { readJson } from './json-file.ts';
import { inDirectory, listAt, type Package } from './package-json.ts';
import { quoted } from './shell-line.ts';

/** The turbo.json of a project. */
export interface Turbo {
  /** The tasks that a script of the package waits for; undefined if turbo does not know the script. */
  readonly dependenciesOf: (found: Package, script: string) => readonly string[] | undefined;
  readonly problems: readonly Note[];
}

/** Undefined if the project does not use turbo. */
export function findTurbo(files: ProjectFiles): Turbo | undefined {
  const name = ['turbo.json', 'turbo.jsonc'].find((each) => files.kindOf(each) === 'file');
  if (name === undefined) return undefined;
  const root = readJson(files, name, { hasComments: true });
  const problems: readonly Note[] = root?.problem === undefined ? [] : [root.problem];
  const tasksIn = (json: ReturnType<typeof readJson>, task: string) =>
    // Until version 1, the tasks were in `pipeline`.
    ['tasks', 'pipeline']
      .map((key) => json?.root && findNodeAtLocation(json.root, [key, task]))
      .find((node) => node !== undefined);
  return {
    problems,
    dependenciesOf: (found, script) => {
      const own = readJson(files, inDirectory(found.directory, name), { hasComments: true });
      const nodes = [
        found.directory === '' ? undefined : tasksIn(own, script),
        tasksIn(root, `${found.name}#${script}`),
        tasksIn(root, script),
      ].filter((node) => node !== undefined);
      const node = nodes.find((each) => findNodeAtLocation(each, ['dependsOn']) !== undefined) ?? nodes[0];
      return node && listAt(node, 'dependsOn');
    },
  };
}

/** Starts a script of one package, after everything that turbo.json lists. */
export function turboRun(found: Package, script: string, flags: string): string {
  const args = flags === '' ? '' : ` -- ${flags}`;
  // Otherwise, turbo removes PORT and the addresses of other services from the environment.
  return `turbo run ${quoted(script)} --filter=${quoted(found.name ?? '')} --env-mode=loose${args}`;
}

/** Runs only the tasks in other packages that the script waits for; undefined if it waits for others too. */
export function turboPrepare(found: Package, dependencies: readonly string[]): string | undefined {
  if (dependencies.some((task) => !task.startsWith('^'))) return undefined;
  const tasks = dependencies.map((task) => quoted(task.slice(1)));
  return `turbo run ${tasks.join(' ')} --filter=${quoted(`${found.name}^...`)} --env-mode=loose`;
}
