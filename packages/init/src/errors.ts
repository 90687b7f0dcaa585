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
    }: {
      readonly fileNames: readonly string[];
      readonly notes: readonly Note[];
      readonly unreadable: readonly string[];
    },
  ) {
    const shown = notes.slice(0, maxShown).map(({ place, text }) => `  ${renderPlace(place)}: ${text}`);
    super({
      message: [`No services were found in ${showPath(projectDir)}`, ...shown].join('\n'),
      hint: lines(
        ...(unreadable.length === 0
          ? [sentences(`Candle looked for ${fileNames.join(', ')}`)]
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
    return new SourceUnusableError('Procfile.prod', 'is not a file that describes services', [
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
    return new ProjectNotConfiguredError(exampleProject, ['web', 'api']);
  }

  /** @param names of the services that were found */
  constructor(projectDir: string, names: readonly string[]) {
    super({
      message: `There is no .candle.json in ${showPath(projectDir)}. ${names.length === 0 ? 'It can be copied' : `Services were found: ${names.join(', ')}`}`,
      hint: advise('To write it and start the services', candle('up', '--yes')),
      details: { projectDir, names },
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
