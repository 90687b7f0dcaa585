import { runsCandle } from './command.ts';
import { entriesOf, readReported, readYaml, reported } from './parsed-file.ts';
import type { ProjectFiles } from './project-files.ts';
import type { Place } from './proposal.ts';
import { Findings, nameFor, pathIn, rootOf, type Source } from './source.ts';

/** A command that starts the project, and what it runs, as far as the file shows it. */
interface DevCommand {
  readonly shell: string;
  readonly recipe: string;
  readonly place: Place;
}

/** The names of the target that starts a project, the most specific one first. */
const targets = ['dev', 'develop', 'start', 'serve', 'run', 'server', 'up'];

const scripts = ['bin/dev', 'script/server', 'scripts/dev', 'scripts/dev.sh', 'dev.sh'];
const makefiles = ['GNUmakefile', 'makefile', 'Makefile'];
const justfiles = ['justfile', 'Justfile', '.justfile'];
const taskfiles = ['Taskfile.yml', 'Taskfile.yaml', 'taskfile.yml', 'taskfile.yaml'];

/**
 * Scripts and targets for developers. They usually start what other files describe, so they are only used if there is no
 * such file.
 */
export const devCommands: Source = {
  fileNames: [...scripts, 'Makefile', 'justfile', 'Taskfile.yml'],
  readsOther: (name) => [...makefiles, ...justfiles, ...taskfiles].includes(name),
  find(files, directory) {
    const findings = new Findings();
    const found = listCommands(files, directory, findings);
    for (const { shell, place } of found.filter(({ recipe }) => runsCandle(recipe)))
      findings.ignore(place, `'${shell}' runs candle itself`);
    const command = found.find(({ recipe }) => !runsCandle(recipe));
    if (command === undefined) return findings;
    const { shell, recipe, place } = command;
    const isCompose = /\bdocker[ -]compose\b/.test(recipe);
    findings.services.push({
      service: { name: nameFor(directory, 'app'), shell, ...rootOf(directory), port: 'auto' },
      from: place,
      isSelected: !isCompose,
      guess: `'${shell}' may start several programs, and has to pass PORT on to them`,
      ...(isCompose ? { unselectedBecause: 'it starts containers' } : {}),
    });
    return findings;
  },
};

function listCommands(files: ProjectFiles, directory: string, findings: Findings): readonly DevCommand[] {
  const existing = (names: readonly string[]) => names.find((name) => files.kindOf(pathIn(directory, name)) === 'file');
  const fromScripts = scripts.flatMap((name) => {
    const file = pathIn(directory, name);
    const recipe = files.kindOf(file) === 'file' ? readReported(files, file, findings) : undefined;
    const shell = name.endsWith('.sh') ? `sh ${name}` : name;
    return recipe === undefined ? [] : [{ shell, recipe, place: { file } }];
  });
  const fromRecipes = (names: readonly string[], program: string) => {
    const name = existing(names);
    const text = name === undefined ? undefined : readReported(files, pathIn(directory, name), findings);
    return name === undefined || text === undefined ? [] : recipesIn(text, pathIn(directory, name), program);
  };
  return [
    ...fromScripts,
    ...fromRecipes(makefiles, 'make'),
    ...fromRecipes(justfiles, 'just'),
    ...tasksIn(files, directory, findings, existing(taskfiles)),
  ];
}

/** Targets of make and recipes of just: `name dependencies:` and indented lines. */
function recipesIn(text: string, file: string, program: string): readonly DevCommand[] {
  const lines = text.split(/\r?\n/);
  return targets.flatMap((target) => {
    // Parameters of just can have defaults; in a Makefile, this is an assignment.
    const pattern = new RegExp(`^@?${target}(?: [^:${program === 'make' ? '=' : ''}]*)?:(?!=)`);
    const at = lines.findIndex((line) => pattern.test(line));
    if (at < 0) return [];
    const rest = lines.slice(at + 1);
    const end = rest.findIndex((line) => /^\S/.test(line));
    const recipe = [lines[at], ...(end < 0 ? rest : rest.slice(0, end))].join('\n');
    return [{ shell: `${program} ${target}`, recipe, place: { file, line: at + 1 } }];
  });
}

function tasksIn(
  files: ProjectFiles,
  directory: string,
  findings: Findings,
  name: string | undefined,
): readonly DevCommand[] {
  const parsed = name === undefined ? undefined : reported(findings, readYaml(files, pathIn(directory, name)));
  const tasks = entriesOf(entriesOf(parsed?.value).tasks);
  return targets.flatMap((target) =>
    parsed !== undefined && Object.hasOwn(tasks, target)
      ? [{ shell: `task ${target}`, recipe: JSON.stringify(tasks[target]), place: parsed.placeOf(['tasks', target]) }]
      : [],
  );
}
