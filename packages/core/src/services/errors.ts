import { CandleError } from '../errors/candle-error.ts';
import { quote, showPath } from '../errors/quote.ts';
import { nearestName } from './config/nearest-name.ts';
import { shellWord } from './config/shell-word.ts';

/** Neither the configuration nor the ledger has a service of that name in this project. */
export class UnknownServiceError extends CandleError {
  /** @param configIsBroken only the ledger was asked, as the configuration could not be read */
  constructor(name: string, projectDir: string, known: readonly string[], { configIsBroken = false } = {}) {
    const nearest = nearestName(name, known);
    super({
      code: 'SERVICE_UNKNOWN',
      message: `Unknown service ${quote(name)} in project ${showPath(projectDir)}`,
      hint: nearest
        ? `Did you mean ${quote(nearest)}?`
        : configIsBroken
          ? 'Its .candle.json cannot be read now, so only services that were started before are known: correct it'
          : known.length > 0
            ? `Services of this project: ${known.join(', ')}`
            : 'candle list shows the services; candle add-service adds one',
      details: { name, projectDir, nearest: nearest ?? null, known, configIsBroken },
    });
  }
}

/** There is nothing that could be started. */
export class NoServicesError extends CandleError {
  constructor(projectDir: string, configPath: string | undefined) {
    super({
      code: 'SERVICE_NONE_CONFIGURED',
      message: configPath
        ? `No service to start: ${showPath(configPath)} has none that starts by itself`
        : `No service to start: project ${showPath(projectDir)} has no .candle.json`,
      hint: "candle add-service api --shell 'npm run dev'",
      details: { projectDir },
    });
  }
}

/** `--shell` was given for a service whose command is in the configuration. */
export class ServiceIsConfiguredError extends CandleError {
  constructor(name: string, configPath: string) {
    super({
      code: 'SERVICE_IS_CONFIGURED',
      message: `Service ${quote(name)} has its command in ${showPath(configPath)}, so --shell cannot be given`,
      hint: `candle start ${shellWord(name)}, or choose another name for the transient service`,
      details: { name, configPath },
    });
  }
}
