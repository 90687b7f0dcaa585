import { type ParsedFile, readJsonc, valueAt } from '../parsed-file.ts';
import type { ProjectFiles } from '../project-files.ts';
import type { Note } from '../proposal.ts';
import { inDirectory, quoteWord } from '../source.ts';
import { listAt, type Package } from './package-json.ts';

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
  const { parsed: root, problem } = readJsonc(files, name);
  // Until version 1, the tasks were in `pipeline`.
  const taskIn = (parsed: ParsedFile | undefined, task: string) =>
    valueAt(parsed?.value, 'tasks', task) ?? valueAt(parsed?.value, 'pipeline', task);
  return {
    problems: problem === undefined ? [] : [problem],
    dependenciesOf: (found, script) => {
      const own = found.directory === '' ? undefined : readJsonc(files, inDirectory(found.directory, name)).parsed;
      const tasks = [taskIn(own, script), taskIn(root, `${found.name}#${script}`), taskIn(root, script)].filter(
        (task) => task !== undefined,
      );
      const task = tasks.find((each) => valueAt(each, 'dependsOn') !== undefined) ?? tasks[0];
      return task === undefined ? undefined : listAt(task, 'dependsOn');
    },
  };
}

/** Starts a script of one package, after everything that turbo.json lists. */
export function turboRun(found: Package, script: string, flags: string): string {
  const args = flags === '' ? '' : ` -- ${flags}`;
  // Otherwise, turbo removes PORT and the addresses of other services from the environment.
  return `turbo run ${quoteWord(script)} --filter=${quoteWord(found.name ?? '')} --env-mode=loose${args}`;
}

/** Runs only the tasks in other packages that the script waits for; undefined if it waits for others too. */
export function turboPrepare(found: Package, dependencies: readonly string[]): string | undefined {
  if (dependencies.some((task) => !task.startsWith('^'))) return undefined;
  const tasks = dependencies.map((task) => quoteWord(task.slice(1)));
  return `turbo run ${tasks.join(' ')} --filter=${quoteWord(`${found.name}^...`)} --env-mode=loose`;
}
