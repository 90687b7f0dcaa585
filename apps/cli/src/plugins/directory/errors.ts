import { nearestName } from '@candle/core/config';
import { advise, CandleError, candle, program, quote, sentences, showPath } from '@candle/core/errors';

/** Values for the examples of errors, so that the examples of one page belong together. */
export const examplePlugin = '@candle/plugin-hosts';
export const exampleDataDir = '/home/ada/.local/share/candle';

/** Printed if no plugins are installed. */
export const noPlugins = 'No plugins are installed. To install one: candle plugins install NAME';

export class PluginsDirectoryUnusableError extends CandleError {
  static readonly code = 'PLUGIN_DIRECTORY_UNUSABLE';
  static example() {
    return new PluginsDirectoryUnusableError(
      exampleDataDir,
      new Error(`EACCES: permission denied, mkdir '${exampleDataDir}'`),
    );
  }

  constructor(dataDir: string, cause: Error) {
    super({
      message: `Plugins cannot be changed in ${showPath(dataDir)}: ${cause.message}`,
      hint: `Check the permissions (ls -ld ${showPath(dataDir)}), or set CANDLE_DATA_DIR to another directory`,
      details: { dataDir },
      cause,
    });
  }
}

export class PluginsDiskFullError extends CandleError {
  static readonly code = 'PLUGIN_DISK_FULL';
  static example() {
    return new PluginsDiskFullError(exampleDataDir, undefined);
  }

  constructor(dataDir: string, cause: unknown) {
    super({
      message: `The disk is full; plugins are stored in ${showPath(dataDir)}`,
      hint: sentences('Nothing was changed', advise('Check the free space', program('df', '-h', dataDir))),
      details: { dataDir },
      cause,
    });
  }
}

export class PluginsBusyError extends CandleError {
  static readonly code = 'PLUGIN_DIRECTORY_BUSY';
  static example() {
    return new PluginsBusyError(exampleDataDir, 300_000);
  }

  constructor(dataDir: string, waitedMs: number) {
    super({
      message: `Another command has been changing the plugins in ${showPath(dataDir)} for ${waitedMs / 60_000} minutes`,
      hint: 'To find it: ps ax | grep "candle plugins"',
      details: { dataDir, waitedMs },
    });
  }
}

export class PluginListDamagedError extends CandleError {
  static readonly code = 'PLUGIN_LIST_DAMAGED';
  static example() {
    return new PluginListDamagedError(`${exampleDataDir}/package.json`, undefined);
  }

  constructor(path: string, cause: unknown) {
    super({
      message: `The list of plugins in ${showPath(path)} cannot be read, so no plugins are loaded`,
      hint: sentences(advise('To remove all plugins', candle('plugins', 'reset')), 'Then install them again'),
      details: { path },
      cause,
    });
  }
}

/** An empty shell variable must not mean the current directory or all plugins. */
export class EmptyPluginNameError extends CandleError {
  static readonly code = 'PLUGIN_NAME_EMPTY';
  static example() {
    return new EmptyPluginNameError('name');
  }

  constructor(what: 'name' | 'directory') {
    super({
      message: `The ${what} of a plugin must not be empty`,
      hint: advise('To list the installed plugins', candle('plugins')),
    });
  }
}

export class PluginNotInstalledError extends CandleError {
  static readonly code = 'PLUGIN_NOT_INSTALLED';
  static example() {
    return new PluginNotInstalledError('hsots', ['hosts']);
  }

  constructor(name: string, installed: readonly string[]) {
    const nearest = nearestName(name, installed);
    const known = installed.length === 0 ? noPlugins : `Installed plugins: ${installed.join(', ')}`;
    super({
      message: `No plugin ${quote(name)} is installed`,
      hint: nearest === undefined ? known : `Did you mean '${nearest}'?`,
      details: { name, installed },
    });
  }
}
