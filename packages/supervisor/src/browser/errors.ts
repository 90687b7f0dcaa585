import { CandleError, quote, shellWord } from '@candle/core';

/** The service does not listen on any port, whether or not it is running. */
export class ServiceNotListeningError extends CandleError {
  constructor(name: string, projectDir: string, { isRunning }: { isRunning: boolean }) {
    super({
      code: 'SERVICE_NOT_LISTENING',
      message: isRunning
        ? `Service ${quote(name)} is running, but does not listen on any port`
        : `Service ${quote(name)} is not running, so there is nothing to open`,
      hint: isRunning
        ? `To see its output: candle logs ${shellWord(name)}`
        : `To start it: candle start ${shellWord(name)}`,
      details: { name, projectDir, isRunning },
    });
  }
}

/** No name was given, and no service of the project listens. */
export class NoServiceListensError extends CandleError {
  constructor(projectDir: string) {
    super({
      code: 'SERVICE_NONE_LISTENING',
      message: 'No service of this project listens on a port, so there is nothing to open',
      hint: 'To see what is running: candle ps\nTo start the services: candle start',
      details: { projectDir },
    });
  }
}

/** No name was given, and several services listen. */
export class SeveralServicesListenError extends CandleError {
  constructor(projectDir: string, names: readonly string[]) {
    super({
      code: 'SERVICE_SEVERAL_LISTENING',
      message: `Several services of this project listen on ports: ${names.map(quote).join(', ')}`,
      hint: `Choose the one to open: candle open-browser ${shellWord(names[0] ?? '')}`,
      details: { projectDir, names },
    });
  }
}
