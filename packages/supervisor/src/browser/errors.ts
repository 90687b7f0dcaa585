import { advise, CandleError, candle, exampleProject, lines, quote } from '@candle/core/errors';

/** The service does not listen on any port, whether or not it is running. */
export class ServiceNotListeningError extends CandleError {
  static readonly code = 'SERVICE_NOT_LISTENING';
  static example() {
    return new ServiceNotListeningError('api', exampleProject, { isRunning: true });
  }

  constructor(name: string, projectDir: string, { isRunning }: { isRunning: boolean }) {
    super({
      message: isRunning
        ? `Service ${quote(name)} is running, but does not listen on any port`
        : `Service ${quote(name)} is not running, so there is nothing to open`,
      hint: isRunning
        ? advise('To see its output', candle('logs', name))
        : advise('To start it', candle('start', name)),
      details: { name, projectDir, isRunning },
    });
  }
}

/** No name was given, and no service of the project listens. */
export class NoServiceListensError extends CandleError {
  static readonly code = 'SERVICE_NONE_LISTENING';
  static example() {
    return new NoServiceListensError(exampleProject);
  }

  constructor(projectDir: string) {
    super({
      message: 'No service of this project listens on a port, so there is nothing to open',
      hint: lines(advise('To see what is running', candle('ps')), advise('To start the services', candle('start'))),
      details: { projectDir },
    });
  }
}

/** No name was given, and several services listen. */
export class SeveralServicesListenError extends CandleError {
  static readonly code = 'SERVICE_SEVERAL_LISTENING';
  static example() {
    return new SeveralServicesListenError(exampleProject, ['api', 'web']);
  }

  constructor(projectDir: string, names: readonly string[]) {
    super({
      message: `Several services of this project listen on ports: ${names.map(quote).join(', ')}`,
      hint: advise('Choose the one to open', candle('open-browser', names[0] ?? '')),
      details: { projectDir, names },
    });
  }
}
