import { advise, CandleError, candle, exampleProject, type Hint, lines, printable, quote } from '@candle/core/errors';
import type { ServiceKey } from '@candle/core/services';

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

/** What is known about the address of a service or another name. */
interface PartialAddress {
  /** The URL that other services get, if only the one with a separate host name is missing. */
  readonly url: string | undefined;
  /** Its configuration says that it never gets a port. */
  readonly isPortless: boolean;
  /** Why it does not seem to speak HTTP, as a clause. */
  readonly otherProtocol?: string | undefined;
}

/** There is no URL, or with `--named`, none that begins with `http://localhost` or `https://localhost`. */
export class ServiceWithoutUrlError extends CandleError {
  static readonly code = 'SERVICE_WITHOUT_URL';
  static example() {
    const nothing = { url: undefined, isPortless: false };
    return new ServiceWithoutUrlError({ name: 'api', projectDir: exampleProject }, nothing);
  }

  constructor({ name, projectDir }: ServiceKey, address: PartialAddress) {
    super({ ...explain(name, address), details: { name, projectDir, url: address.url ?? null } });
  }
}

function explain(name: string, { url, isPortless, otherProtocol }: PartialAddress): { message: string; hint: Hint } {
  if (url !== undefined)
    return {
      message: `${quote(name)} has no separate host name, because its URL, ${printable(url)}, does not begin with http://localhost`,
      hint: advise('To print this URL', candle('url', name)),
    };
  if (isPortless)
    return {
      message: `${quote(name)} has no URL, because its port is null`,
      hint: 'If it listens on a port, set "port": "auto" for it in .candle.json',
    };
  if (otherProtocol !== undefined)
    return {
      message: `${quote(name)} has no URL, because it does not seem to speak HTTP: ${otherProtocol}`,
      hint: `If it has a URL, set it for ${quote(name)} in .candle.json: "url": "http://localhost:\${port}", or "postgres://localhost:\${port}/shop", for example`,
    };
  return {
    message: `${quote(name)} has no URL, because no port is reserved for it`,
    hint: advise('To reserve one', candle('reserve-port', name)),
  };
}
