import { advise, CandleError, candle, type Hint, printable, sentences, showPath } from '@candle/core/errors';
import { exampleDataDir, examplePlugin } from '../directory/errors.ts';
import { hintFor } from '../plugin-entry.ts';

const exampleHint = () => hintFor({ name: examplePlugin, type: 'user', tag: '' });
const exampleRoot = `${exampleDataDir}/node_modules/${examplePlugin}`;

export class PluginFilesMissingError extends CandleError {
  static readonly code = 'PLUGIN_FILES_MISSING';
  static example() {
    return new PluginFilesMissingError(examplePlugin, exampleRoot, exampleHint());
  }

  constructor(name: string, root: string, hint: Hint) {
    super({
      message: `Plugin ${name} is missing from ${showPath(root)}`,
      hint,
      details: { name, root },
    });
  }
}

export class PluginPackageDamagedError extends CandleError {
  static readonly code = 'PLUGIN_PACKAGE_DAMAGED';
  static example() {
    return new PluginPackageDamagedError(
      examplePlugin,
      exampleRoot,
      'its package.json is damaged: Unexpected end of JSON input',
      exampleHint(),
    );
  }

  constructor(name: string, root: string, reason: string, hint: Hint) {
    super({
      message: `Plugin ${name} in ${showPath(root)} cannot be used: ${reason}`,
      hint,
      details: { name, root },
    });
  }
}

export class PluginNeedsOtherNodeError extends CandleError {
  static readonly code = 'PLUGIN_NODE_MISMATCH';
  static example() {
    return new PluginNeedsOtherNodeError(examplePlugin, '>=26', '24.21.0', exampleHint());
  }

  constructor(name: string, range: string, version: string, hint: Hint) {
    super({
      message: `Plugin ${name} requires Node.js ${range}, but this is ${version}`,
      hint,
      details: { name, needs: range, node: version },
    });
  }
}

export class PluginNeedsOtherCandleError extends CandleError {
  static readonly code = 'PLUGIN_CANDLE_MISMATCH';
  static example() {
    return new PluginNeedsOtherCandleError(examplePlugin, '^2.0.0', '1.4.0', exampleHint());
  }

  constructor(name: string, needs: string, candleVersion: string, hint: Hint) {
    super({
      message: `Plugin ${name} requires Candle ${needs}, but this is ${candleVersion}`,
      hint,
      details: { name, needs, candle: candleVersion },
    });
  }
}

export class PluginNotLoadableError extends CandleError {
  static readonly code = 'PLUGIN_NOT_LOADABLE';
  static example() {
    return new PluginNotLoadableError(examplePlugin, "Cannot find package 'handlebars'", exampleHint());
  }

  constructor(name: string, reason: string, hint: Hint) {
    super({
      message: `Plugin ${name} could not be loaded: ${printable(reason)}`,
      hint,
      details: { name, reason },
    });
  }
}

export class PluginCommandTakenError extends CandleError {
  static readonly code = 'PLUGIN_COMMAND_TAKEN';
  static example() {
    return new PluginCommandTakenError(examplePlugin, 'start', 'Candle itself', exampleHint());
  }

  constructor(name: string, command: string, owner: string, hint: Hint) {
    super({
      message: `Plugin ${name} cannot provide 'candle ${command}': the name belongs to ${owner}`,
      hint,
      details: { name, command, owner },
    });
  }
}

export class PluginFailedError extends CandleError {
  static readonly code = 'PLUGIN_FAILED';
  static example() {
    return new PluginFailedError(
      examplePlugin,
      '1.0.0',
      new Error("Cannot read properties of undefined (reading 'port')"),
    );
  }

  constructor(name: string, version: string | undefined, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super({
      message: `Plugin ${[name, version].filter(Boolean).join(' ')} failed: ${reason.trim() || 'it gave no reason'}`,
      hint: sentences(
        advise('Try a newer version', candle('plugins', 'update', name)),
        'To see where it happened, run the command again with --debug',
      ),
      details: { name, version, reason },
      cause,
    });
  }
}
