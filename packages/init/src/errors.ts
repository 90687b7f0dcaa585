import {
  advise,
  CandleError,
  candle,
  type ErrorClass,
  errorClassesIn,
  exampleProject,
  lines,
  quote,
  sentences,
  showPath,
} from '@candle/core/errors';
import type { Note } from './proposal.ts';

/** Files with services exist in more forms than fit into a message. */
const maxShown = 8;

export class NoServicesFoundError extends CandleError {
  static readonly code = 'PROJECT_WITHOUT_SERVICES';
  static example() {
    return new NoServicesFoundError(exampleProject, {
      fileNames: ['package.json', 'Procfile.dev', 'compose.yaml'],
      notes: [{ place: { file: 'package.json', line: 5 }, text: '"dev" runs Candle itself, so it is not a service' }],
      unreadable: [],
    });
  }

  /** @param unreadable files that could describe services, but are not valid */
  constructor(
    projectDir: string,
    {
      fileNames,
      notes,
      unreadable,
      from,
    }: {
      readonly fileNames: readonly string[];
      readonly notes: readonly Note[];
      readonly unreadable: readonly string[];
      /** The only file that was looked at. */
      readonly from?: string | undefined;
    },
  ) {
    const shown = notes.slice(0, maxShown).map(({ place, text }) => `  ${renderPlace(place)}: ${text}`);
    super({
      message: [`No services were found in ${from === undefined ? showPath(projectDir) : quote(from)}`, ...shown].join(
        '\n',
      ),
      hint: lines(
        ...(unreadable.length === 0
          ? [
              from === undefined
                ? sentences(`Candle looked for ${fileNames.join(', ')}`)
                : advise('To look at all files of the project', candle('init')),
            ]
          : [`Fix ${unreadable.join(', ')}, then run the command again`]),
        advise('To add a service yourself', candle('add-service', 'web', '--shell', 'npm run dev')),
      ),
      details: { projectDir, fileNames, notes },
    });
  }
}

export class SourceUnusableError extends CandleError {
  static readonly code = 'PROJECT_SOURCE_UNUSABLE';
  static example() {
    return new SourceUnusableError('Procfile.prod', 'is not a file in which Candle can find services', [
      'package.json',
      'Procfile',
    ]);
  }

  /** @param problem the predicate of a sentence about the file */
  constructor(file: string, problem: string, fileNames: readonly string[]) {
    super({
      message: `${quote(file)} ${problem}`,
      hint: `Pass a file in the project with one of these names: ${fileNames.join(', ')}`,
      details: { file, problem, fileNames },
    });
  }
}

export class MainConfigMissingError extends CandleError {
  static readonly code = 'PROJECT_MAIN_CONFIG_MISSING';
  static example() {
    return new MainConfigMissingError(exampleProject);
  }

  constructor(projectDir: string) {
    super({
      message: `${showPath(projectDir)} is not in a git worktree whose main checkout has a .candle.json that git does not track`,
      hint: advise('To find the services in the files of the project', candle('init')),
      details: { projectDir },
    });
  }
}

/** Nobody could be asked whether to write the configuration. */
export class ProjectNotConfiguredError extends CandleError {
  static readonly code = 'PROJECT_NOT_CONFIGURED';
  static example() {
    return new ProjectNotConfiguredError(exampleProject, { names: ['web', 'api'] });
  }

  /**
   * @param names of the services that were found
   * @param mainConfig the configuration of the main checkout, which is copied instead of writing these services
   */
  constructor(
    projectDir: string,
    { names, mainConfig }: { readonly names: readonly string[]; readonly mainConfig?: string | undefined },
  ) {
    const more = names.length - maxShown;
    const listed = `${names.slice(0, maxShown).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
    const offer =
      mainConfig === undefined
        ? `Services were found: ${listed}`
        : `The main checkout has ${showPath(mainConfig)}, which git does not track`;
    const verb = mainConfig === undefined ? 'write' : 'copy';
    super({
      message: `There is no .candle.json in ${showPath(projectDir)}. ${offer}`,
      hint: advise(`To ${verb} it and start the services`, candle('up', '--yes')),
      details: { projectDir, names, mainConfig: mainConfig ?? null },
    });
  }
}

/** A place as editors and terminals recognize it. */
export function renderPlace({ file, line }: Note['place']): string {
  return line === undefined ? file : `${file}:${line}`;
}

/** All errors of this package. */
export function initErrors(): readonly ErrorClass[] {
  return errorClassesIn({
    NoServicesFoundError,
    SourceUnusableError,
    MainConfigMissingError,
    ProjectNotConfiguredError,
  });
}
