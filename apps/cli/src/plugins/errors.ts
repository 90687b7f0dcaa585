import { CandleError, nearestName, printable, quote, shellWord, showPath } from '@candle/core';

const fullNames = 'By its full name: candle plugins install @someone/their-plugin, or candle-plugin-NAME';

export class InvalidPluginNameError extends CandleError {
  constructor(text: string, reason: string, meant?: string) {
    super({
      code: 'PLUGIN_NAME_INVALID',
      message: `${quote(text)} cannot be installed: it ${reason}`,
      hint: meant === undefined ? fullNames : `candle plugins install ${meant}, which is @candle/plugin-${meant}`,
      details: { name: text.slice(0, 300) },
    });
  }
}

/** A variable that is not set must not mean the current directory, or all plugins. */
export class EmptyPluginNameError extends CandleError {
  constructor(what: 'name' | 'directory') {
    super({
      code: 'PLUGIN_NAME_EMPTY',
      message: `The ${what} of a plugin must not be empty`,
      hint: 'candle plugins tells which there are',
    });
  }
}

/** npm would take it for a repository on GitHub, or on the host that is named. */
export class PluginAddressNeededError extends CandleError {
  constructor(text: string) {
    const [, host = 'github', slug = text] = /^(?:([a-z]+):)?(.*)$/.exec(text) ?? [];
    super({
      code: 'PLUGIN_ADDRESS_NEEDED',
      message: `${quote(text)} is no name of a package; a repository is installed by its whole address`,
      hint: `candle plugins install git+https://${host}.com/${slug}.git`,
      details: { name: text },
    });
  }
}

export class PluginIsDirectoryError extends CandleError {
  constructor(path: string) {
    super({
      code: 'PLUGIN_IS_DIRECTORY',
      message: `${showPath(path)} is a directory; a plugin that is worked on is linked, so that its changes are seen`,
      hint: `candle plugins link ${shellWord(path)}`,
      details: { path },
    });
  }
}

export class PluginTarballMissingError extends CandleError {
  constructor(path: string, isThere: boolean) {
    super({
      code: 'PLUGIN_TARBALL_MISSING',
      message: isThere ? `${showPath(path)} is not a tarball` : `There is no file ${showPath(path)}`,
      hint: 'npm pack makes one: NAME-VERSION.tgz',
      details: { path },
    });
  }
}

export class PluginNotFoundError extends CandleError {
  constructor(name: string, isShort: boolean) {
    super({
      code: 'PLUGIN_NOT_FOUND',
      message: `The registry has no package ${quote(name)}`,
      hint: isShort
        ? `A name without a scope means Candle's own plugins. ${fullNames}`
        : `Look for it: npm search ${name.replace(/^@/, '').replace('/', ' ')}`,
      details: { name },
    });
  }
}

export class PluginVersionNotFoundError extends CandleError {
  constructor(name: string, tag: string) {
    super({
      code: 'PLUGIN_VERSION_NOT_FOUND',
      message: `The registry has no version ${quote(tag)} of ${quote(name)}, or of something that it depends on`,
      hint: `See which there are: npm view ${name} versions`,
      details: { name, version: tag },
    });
  }
}

export class RegistryUnreachableError extends CandleError {
  constructor(what: string, reason: string) {
    super({
      code: 'PLUGIN_REGISTRY_UNREACHABLE',
      message: `${quote(what)} could not be fetched: ${reason}`,
      hint: 'Nothing was changed. See whether the network is there, and which registry is asked: npm config get registry',
      details: { name: what, reason },
    });
  }
}

export class RegistryRefusedError extends CandleError {
  constructor(what: string, reason: string) {
    super({
      code: 'PLUGIN_REGISTRY_REFUSED',
      message: `The registry does not give out ${quote(what)}: ${reason}`,
      hint: 'Nothing was changed. Log in where that package is: npm login',
      details: { name: what, reason },
    });
  }
}

export class NotAPluginError extends CandleError {
  constructor(name: string, version: string | undefined, reason: string) {
    super({
      code: 'PLUGIN_NONE',
      message: `${[name, version].filter(Boolean).join(' ')} is no plugin of Candle: ${reason}`,
      hint: 'Nothing was changed. Is it another package that is meant?',
      details: { name, version },
    });
  }
}

export class PluginInstallFailedError extends CandleError {
  constructor(what: string, reason: string, cause: unknown) {
    super({
      code: 'PLUGIN_INSTALL_FAILED',
      message: `${quote(what)} could not be installed: ${reason}`,
      hint: 'Nothing was changed. With --debug, this shows all that npm says',
      details: { name: what, reason },
      cause,
    });
  }
}

export class PluginsDirectoryUnusableError extends CandleError {
  constructor(dataDir: string, cause: Error) {
    super({
      code: 'PLUGIN_DIRECTORY_UNUSABLE',
      message: `Plugins cannot be changed in ${showPath(dataDir)}: ${cause.message}`,
      hint: `See who may write there: ls -ld ${showPath(dataDir)}. CANDLE_DATA_DIR names another directory`,
      details: { dataDir },
      cause,
    });
  }
}

export class PluginsDiskFullError extends CandleError {
  constructor(dataDir: string, cause: unknown) {
    super({
      code: 'PLUGIN_DISK_FULL',
      message: `The disk is full; plugins are kept in ${showPath(dataDir)}`,
      hint: `Nothing was changed. See what is left: df -h ${showPath(dataDir)}`,
      details: { dataDir },
      cause,
    });
  }
}

export class PluginsBusyError extends CandleError {
  constructor(dataDir: string, waitedMs: number) {
    super({
      code: 'PLUGIN_DIRECTORY_BUSY',
      message: `Another command has been changing the plugins in ${showPath(dataDir)} for ${waitedMs / 60_000} minutes`,
      hint: 'Look for it: ps ax | grep "candle plugins"',
      details: { dataDir, waitedMs },
    });
  }
}

export class PluginListDamagedError extends CandleError {
  constructor(path: string, cause: unknown) {
    super({
      code: 'PLUGIN_LIST_DAMAGED',
      message: `The list of plugins ${showPath(path)} cannot be read, so no plugin is loaded`,
      hint: 'candle plugins reset removes all plugins; install them again after that',
      details: { path },
      cause,
    });
  }
}

export class PluginNotInstalledError extends CandleError {
  constructor(name: string, installed: readonly string[]) {
    const nearest = nearestName(name, installed);
    const known =
      installed.length === 0
        ? 'None is. To install one: candle plugins install NAME'
        : `There are: ${installed.join(', ')}`;
    super({
      code: 'PLUGIN_NOT_INSTALLED',
      message: `No plugin ${quote(name)} is installed`,
      hint: nearest === undefined ? known : `Did you mean '${nearest}'?`,
      details: { name, installed },
    });
  }
}

export class PluginLinkedError extends CandleError {
  constructor(name: string, root: string) {
    super({
      code: 'PLUGIN_LINKED',
      message: `${name} is linked to ${showPath(root)}, so it is what is there`,
      hint: `To install the published one, first: candle plugins unlink ${name}`,
      details: { name, root },
    });
  }
}

export class PluginDirectoryMissingError extends CandleError {
  constructor(path: string, reason: string) {
    super({
      code: 'PLUGIN_DIRECTORY_MISSING',
      message: `${showPath(path)} cannot be linked: ${reason}`,
      hint: 'candle plugins link DIR, where DIR has the package.json of a plugin',
      details: { path },
    });
  }
}

export class PluginFilesMissingError extends CandleError {
  constructor(name: string, root: string, hint: string) {
    super({
      code: 'PLUGIN_FILES_MISSING',
      message: `The plugin ${name} is gone from ${showPath(root)}`,
      hint,
      details: { name, root },
    });
  }
}

export class PluginPackageDamagedError extends CandleError {
  constructor(name: string, root: string, reason: string, hint: string) {
    super({
      code: 'PLUGIN_PACKAGE_DAMAGED',
      message: `The plugin ${name} in ${showPath(root)} cannot be used: ${reason}`,
      hint,
      details: { name, root },
    });
  }
}

export class PluginNeedsOtherNodeError extends CandleError {
  constructor(name: string, range: string, version: string, hint: string) {
    super({
      code: 'PLUGIN_NODE_MISMATCH',
      message: `The plugin ${name} needs Node ${range}, and this is ${version}`,
      hint,
      details: { name, needs: range, node: version },
    });
  }
}

export class PluginNeedsOtherCandleError extends CandleError {
  constructor(name: string, needs: string, candleVersion: string, hint: string) {
    super({
      code: 'PLUGIN_CANDLE_MISMATCH',
      message: `The plugin ${name} is made for Candle ${needs}, and this is ${candleVersion}`,
      hint,
      details: { name, needs, candle: candleVersion },
    });
  }
}

export class PluginNotLoadableError extends CandleError {
  constructor(name: string, reason: string, hint: string) {
    super({
      code: 'PLUGIN_NOT_LOADABLE',
      message: `The plugin ${name} could not be loaded: ${printable(reason)}`,
      hint,
      details: { name, reason },
    });
  }
}

export class PluginCommandTakenError extends CandleError {
  constructor(name: string, command: string, owner: string, hint: string) {
    super({
      code: 'PLUGIN_COMMAND_TAKEN',
      message: `'candle ${command}' of the plugin ${name} is left out: the name belongs to ${owner}`,
      hint,
      details: { name, command, owner },
    });
  }
}

export class PluginFailedError extends CandleError {
  constructor(name: string, version: string | undefined, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super({
      code: 'PLUGIN_FAILED',
      message: `The plugin ${[name, version].filter(Boolean).join(' ')} failed: ${reason.trim() || 'it does not say why'}`,
      hint: `A newer one may be better: candle plugins update ${name}. With --debug, this shows where it happened`,
      details: { name, version, reason },
      cause,
    });
  }
}
