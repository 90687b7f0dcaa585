import { findPackageSetup } from './packages/find-packages.ts';
import type { ProjectFiles } from './project-files.ts';
import type { ProposedService, WrittenSetup } from './proposal.ts';
import { parentOf, type SourceContext } from './source.ts';
import { languages } from './sources.ts';

/** Files of package managers for JavaScript. The services in them need nothing else. */
const packageFile = /(?:^|\/)(?:package\.json|deno\.jsonc?)$/;

/** Files that start programs of any language. */
const anyLanguage =
  /(?:^|\/)(?:Procfile[\w.]*|(?:process-compose|mprocs)[\w.]*|[Mm]akefile|GNUmakefile|\.?[Jj]ustfile|[Tt]askfile\.ya?ml|dev(?:\.sh)?|server)$/;

/**
 * The command that installs what these services need. Several commands run one after the other, each in its directory. Pure,
 * apart from reading files.
 */
export function findSetup(
  files: ProjectFiles,
  services: readonly ProposedService[],
  context: SourceContext,
): WrittenSetup | undefined {
  const programs = services.filter(({ service }) => service.stopCommand === undefined);
  const inPackages = programs.filter(({ from }) => packageFile.test(from.file) || anyLanguage.test(from.file));
  const inLanguages = programs.filter(({ from }) => !packageFile.test(from.file));
  const setups = [
    findPackageSetup(files, directoriesOf(inPackages)),
    ...directoriesOf(inLanguages).flatMap((directory) =>
      languages.map((language) => language.find(files, directory, context).setup),
    ),
  ].filter((setup) => setup !== undefined);
  const byCommand = new Map(setups.map((setup) => [setup.run, setup]));
  if (byCommand.size === 0) return undefined;
  const isAlone = byCommand.size === 1;
  const runs = [...byCommand.keys()].map((run) => (isAlone || !run.startsWith('cd ') ? run : `(${run})`));
  return {
    run: runs.join(' && '),
    inputs: [...new Set([...byCommand.values()].flatMap(({ inputs }) => inputs))],
  };
}

function directoriesOf(services: readonly ProposedService[]): readonly string[] {
  return [...new Set(services.flatMap(({ service, from }) => [service.root ?? '', parentOf(from.file)]))];
}
