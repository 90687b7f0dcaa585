import { nearestName } from '../config/nearest-name.ts';
import { CandleError } from '../errors/candle-error.ts';
import { exampleConfig, exampleProject } from '../errors/examples.ts';
import { advise, candle, sentences } from '../errors/hint.ts';
import { quote, showPath } from '../errors/quote.ts';

/** Neither the configuration nor the database has a service with that name in this project. */
export class UnknownServiceError extends CandleError {
  static readonly code = 'SERVICE_UNKNOWN';
  static example() {
    return new UnknownServiceError('wbe', exampleProject, ['api', 'web']);
  }

  /** @param configIsBroken the configuration could not be read, so that only the database was searched */
  constructor(name: string, projectDir: string, known: readonly string[], { configIsBroken = false } = {}) {
    const nearest = nearestName(name, known);
    super({
      message: `Unknown service ${quote(name)} in project ${showPath(projectDir)}`,
      hint: nearest
        ? `Did you mean ${quote(nearest)}?`
        : configIsBroken
          ? 'Only services that were started before are known, because .candle.json cannot be used'
          : known.length > 0
            ? `Services of this project: ${known.join(', ')}`
            : sentences(advise('To list the services', candle('list')), advise('To add one', candle('add-service'))),
      details: { name, projectDir, nearest: nearest ?? null, known, configIsBroken },
    });
  }
}

/** There is no service to start. */
export class NoServicesError extends CandleError {
  static readonly code = 'SERVICE_NONE_CONFIGURED';
  static example() {
    return new NoServicesError(exampleProject, exampleConfig, []);
  }

  /** @param names the configured services, which all have `"autostart": false` */
  constructor(projectDir: string, configPath: string | undefined, names: readonly string[]) {
    const [first] = names;
    const reason =
      configPath === undefined
        ? `project ${showPath(projectDir)} has no .candle.json`
        : first === undefined
          ? `${showPath(configPath)} defines no services`
          : `every service in ${showPath(configPath)} has "autostart": false`;
    super({
      message: `No service to start: ${reason}`,
      hint:
        first === undefined
          ? advise('To add a service', candle('add-service', 'api', '--shell', 'npm run dev'))
          : advise('To start one by name', candle('start', first)),
      details: { projectDir },
    });
  }
}

/** `--shell` was given for a service that has its command in the configuration. */
export class ServiceIsConfiguredError extends CandleError {
  static readonly code = 'SERVICE_IS_CONFIGURED';
  static example() {
    return new ServiceIsConfiguredError('api', exampleConfig);
  }

  constructor(name: string, configPath: string) {
    super({
      message: `Service ${quote(name)} has its command in ${showPath(configPath)}, so --shell is not allowed`,
      hint: sentences(
        advise('To start it', candle('start', name)),
        'To start a transient service, choose another name',
      ),
      details: { name, configPath },
    });
  }
}

/** `--shell` was given for a name that the configuration gives to a port. */
export class ServiceNameTakenError extends CandleError {
  static readonly code = 'SERVICE_NAME_TAKEN';
  static example() {
    return new ServiceNameTakenError('db', exampleConfig);
  }

  constructor(name: string, configPath: string) {
    super({
      message: `Service ${quote(name)} cannot be started: in ${showPath(configPath)}, this is the name of a port`,
      hint: 'Choose another name',
      details: { name, configPath },
    });
  }
}
