import { CandleError } from '../errors/candle-error.ts';
import { exampleConfig, exampleProject } from '../errors/examples.ts';
import { advise, candle, program } from '../errors/hint.ts';
import { quote, showPath } from '../errors/quote.ts';
import type { ConfigProblem } from './config-errors.ts';
import { nearestName } from './nearest-name.ts';

export class InvalidServiceNameError extends CandleError {
  static readonly code = 'SERVICE_NAME_INVALID';
  static example() {
    return new InvalidServiceNameError('../api', "must not contain '.' or '..' as a path segment");
  }

  /** @param problem what the name must be, as "must …" */
  constructor(name: string, problem: string) {
    super({
      message: name === '' ? 'A service name must not be empty' : `Service name ${quote(name)} ${problem}`,
      hint: 'Use 1 to 100 printable characters that do not begin with a dash, for example: api',
      details: { name, problem },
    });
  }
}

export class InvalidServiceShellError extends CandleError {
  static readonly code = 'SERVICE_SHELL_INVALID';
  static example() {
    return new InvalidServiceShellError('', 'must be a non-empty string');
  }

  /** @param problem what the command must be, as "must …" */
  constructor(shell: string, problem: string) {
    super({
      message: `The shell command of a service ${problem}`,
      hint: "Pass the command that starts the service, for example: --shell 'npm run dev'",
      details: { shell, problem },
    });
  }
}

export class InvalidServiceRootError extends CandleError {
  static readonly code = 'SERVICE_ROOT_INVALID';
  static example() {
    return new InvalidServiceRootError('', 'must not be empty');
  }

  /** @param problem what the root must be, as "must …" */
  constructor(root: string, problem: string) {
    super({
      message: `The root directory of a service ${problem}`,
      hint: 'Omit the root to use the project directory itself, or use a directory inside it, for example: --root apps/api',
      details: { root, problem },
    });
  }
}

export class ServiceRootOutsideProjectError extends CandleError {
  static readonly code = 'SERVICE_ROOT_OUTSIDE_PROJECT';
  static example() {
    return new ServiceRootOutsideProjectError('../blog', exampleProject);
  }

  constructor(root: string, projectDir: string) {
    super({
      message: `Root directory ${quote(root)} is not inside the project ${showPath(projectDir)}`,
      hint: 'Use a directory inside the project, relative to it, for example: apps/api',
      details: { root, projectDir },
    });
  }
}

export class ServiceRootMissingError extends CandleError {
  static readonly code = 'SERVICE_ROOT_MISSING';
  static example() {
    return new ServiceRootMissingError('apps/api', exampleProject, 'does not exist');
  }

  /** @param problem why it cannot be used: "does not exist", "is not a directory", … */
  constructor(root: string, projectDir: string, problem: string, cause?: unknown) {
    super({
      message: `Root directory ${quote(root)} of the project ${showPath(projectDir)} ${problem}`,
      hint:
        problem === 'does not exist'
          ? advise('To create it', program('mkdir', '-p', `${projectDir}/${root}`))
          : 'Use a directory inside the project that the service can start in, for example: apps/api',
      details: { root, projectDir, problem },
      cause,
    });
  }
}

export class ServiceAlreadyConfiguredError extends CandleError {
  static readonly code = 'SERVICE_ALREADY_CONFIGURED';
  static example() {
    return new ServiceAlreadyConfiguredError('api', exampleConfig);
  }

  constructor(name: string, path: string) {
    super({
      message: `Service ${quote(name)} is already configured in ${showPath(path)}`,
      hint: advise('To replace it, remove it first', candle('remove-service', name)),
      details: { name, path },
    });
  }
}

/** The configuration is valid, but would not be valid with this service. */
export class ServiceNotAddableError extends CandleError {
  static readonly code = 'SERVICE_NOT_ADDABLE';
  static example() {
    return new ServiceNotAddableError('web_1', exampleConfig, [
      {
        file: exampleConfig,
        field: 'services[2].name',
        problem: "'web_1' and 'web-1' would both set WEB_1_PORT for other services: rename one of them",
      },
    ]);
  }

  /** @param problems of the file as it would be after the change */
  constructor(name: string, path: string, problems: readonly ConfigProblem[]) {
    super({
      message: `Service ${quote(name)} cannot be added to ${showPath(path)}: ${problems.map(({ problem }) => problem).join('; ')}`,
      hint: 'Nothing was changed. Choose another name, command or port',
      details: { name, path, problems: problems.map(({ problem }) => problem) },
    });
  }
}

/** Other services depend on it or refer to its port. */
export class ServiceNotRemovableError extends CandleError {
  static readonly code = 'SERVICE_NOT_REMOVABLE';
  static example() {
    return new ServiceNotRemovableError('api', exampleConfig, [
      { file: exampleConfig, field: 'services[1].dependsOn', problem: "refers to 'api', which is not configured" },
    ]);
  }

  /** @param problems of the file as it would be after the change */
  constructor(name: string, path: string, problems: readonly ConfigProblem[]) {
    const fields = [...new Set(problems.map(({ field }) => field))];
    super({
      message: `Service ${quote(name)} cannot be removed from ${showPath(path)}: ${fields.join(', ')} ${fields.length === 1 ? 'refers' : 'refer'} to it`,
      hint: 'Nothing was changed. Remove those references first',
      details: { name, path, fields },
    });
  }
}

export class ServiceNotConfiguredError extends CandleError {
  static readonly code = 'SERVICE_NOT_CONFIGURED';
  static example() {
    return new ServiceNotConfiguredError('wbe', exampleConfig, ['api', 'web']);
  }

  constructor(name: string, path: string, known: readonly string[]) {
    const nearest = nearestName(name, known);
    super({
      message: `Service ${quote(name)} is not configured in ${showPath(path)}`,
      hint:
        nearest === undefined
          ? advise('To add it', candle('add-service', name, '--shell', 'npm run dev'))
          : `Did you mean ${quote(nearest)}?`,
      details: { name, path, nearest, known },
    });
  }
}
