import { CandleError, nearestName, printable, quote, shellWord, showPath } from '@candle/core';

/** Printed if no plugins are installed. */
export const noPlugins = 'No plugins are installed. To install one: candle plugins install NAME';

const fullNames = 'Use its full name: candle plugins install @someone/their-plugin, or candle-plugin-NAME';

export class InvalidPluginNameError extends CandleError {
  constructor(text: string, reason: string, shortName?: string) {
    super({
      code: 'PLUGIN_NAME_INVALID',
      message: `${quote(text)} cannot be installed: it ${reason}`,
      hint:
        shortName === undefined
          ? fullNames
          : `To install @candle/plugin-${shortName}: candle plugins install ${shortName}`,
      details: { name: text.slice(0, 300) },
    });
  }
}

/** An empty shell variable must not mean the current directory or all plugins. */
export class EmptyPluginNameError extends CandleError {
  constructor(what: 'name' | 'directory') {
    super({
      code: 'PLUGIN_NAME_EMPTY',
      message: `The ${what} of a plugin must not be empty`,
      hint: 'To list the installed plugins: candle plugins',
    });
  }
}

/** npm would treat the name as a repository on GitHub, or on the given host. */
export class PluginAddressNeededError extends CandleError {
  constructor(text: string) {
    const [, host = 'github', slug = text] = /^(?:([a-z]+):)?(.*)$/.exec(text) ?? [];
    super({
      code: 'PLUGIN_ADDRESS_NEEDED',
      message: `${quote(text)} is not a package name; to install a repository, use its full URL`,
      hint: `To install the repository: candle plugins install git+https://${host}.com/${slug}.git`,
      details: { name: text },
    });
  }
}

export class PluginIsDirectoryError extends CandleError {
  constructor(path: string) {
    super({
      code: 'PLUGIN_IS_DIRECTORY',
      message: `${showPath(path)} is a directory, which cannot be installed`,
      hint: `To link it: candle plugins link ${shellWord(path)}`,
      details: { path },
    });
  }
}

export class PluginTarballMissingError extends CandleError {
  constructor(path: string, isThere: boolean) {
    super({
      code: 'PLUGIN_TARBALL_MISSING',
      message: isThere ? `${showPath(path)} is not a tarball` : `${showPath(path)} does not exist`,
      hint: 'To create a tarball (NAME-VERSION.tgz), run npm pack in the directory of the plugin',
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
        ? `A name without a scope means a plugin in the @candle scope. To install another plugin: candle plugins install @someone/their-plugin, or candle-plugin-NAME`
        : `To search for it: npm search ${name.replace(/^@/, '').replace('/', ' ')}`,
      details: { name },
    });
  }
}

export class PluginVersionNotFoundError extends CandleError {
  constructor(name: string, tag: string) {
    super({
      code: 'PLUGIN_VERSION_NOT_FOUND',
      message: `The registry has no version ${quote(tag)} of ${quote(name)}, or of one of its dependencies`,
      hint: `To list the versions: npm view ${name} versions`,
      details: { name, version: tag },
    });
  }
}

export class RegistryUnreachableError extends CandleError {
  constructor(what: string, reason: string) {
    super({
      code: 'PLUGIN_REGISTRY_UNREACHABLE',
      message: `${quote(what)} could not be fetched: ${reason}`,
      hint: 'Nothing was changed. Check the network connection and the registry: npm config get registry',
      details: { name: what, reason },
    });
  }
}

export class RegistryRefusedError extends CandleError {
  constructor(what: string, reason: string) {
    super({
      code: 'PLUGIN_REGISTRY_REFUSED',
      message: `The registry denies access to ${quote(what)}: ${reason}`,
      hint: 'Nothing was changed. Log in to the registry of the package: npm login',
      details: { name: what, reason },
    });
  }
}

export class NotAPluginError extends CandleError {
  constructor(name: string, version: string | undefined, reason: string) {
    super({
      code: 'PLUGIN_NONE',
      message: `${[name, version].filter(Boolean).join('@')} is not a Candle plugin: ${reason}`,
      hint: 'Nothing was changed. Did you mean a different package?',
      details: { name, version },
    });
  }
}

export class PluginInstallFailedError extends CandleError {
  constructor(what: string, reason: string, cause: unknown) {
    super({
      code: 'PLUGIN_INSTALL_FAILED',
      message: `${quote(what)} could not be installed: ${reason}`,
      hint: 'Nothing was changed. To see all output of npm, run the command again with --debug',
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
      hint: `Check the permissions (ls -ld ${showPath(dataDir)}), or set CANDLE_DATA_DIR to another directory`,
      details: { dataDir },
      cause,
    });
  }
}

export class PluginsDiskFullError extends CandleError {
  constructor(dataDir: string, cause: unknown) {
    super({
      code: 'PLUGIN_DISK_FULL',
      message: `The disk is full; plugins are stored in ${showPath(dataDir)}`,
      hint: `Nothing was changed. Check the free space: df -h ${showPath(dataDir)}`,
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
      hint: 'To find it: ps ax | grep "candle plugins"',
      details: { dataDir, waitedMs },
    });
  }
}

export class PluginListDamagedError extends CandleError {
  constructor(path: string, cause: unknown) {
    super({
      code: 'PLUGIN_LIST_DAMAGED',
      message: `The list of plugins in ${showPath(path)} cannot be read, so no plugins are loaded`,
      hint: 'To remove all plugins: candle plugins reset. Then install them again',
      details: { path },
      cause,
    });
  }
}

export class PluginNotInstalledError extends CandleError {
  constructor(name: string, installed: readonly string[]) {
    const nearest = nearestName(name, installed);
    const known = installed.length === 0 ? noPlugins : `Installed plugins: ${installed.join(', ')}`;
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
      message: `${name} is linked to ${showPath(root)}, so it cannot be installed`,
      hint: `To install the published version, unlink the plugin first: candle plugins unlink ${name}`,
      details: { name, root },
    });
  }
}

export class PluginDirectoryMissingError extends CandleError {
  constructor(path: string, reason: string) {
    super({
      code: 'PLUGIN_DIRECTORY_MISSING',
      message: `${showPath(path)} cannot be linked: ${reason}`,
      hint: 'Use the directory that has the package.json of the plugin: candle plugins link DIR',
      details: { path },
    });
  }
}

export class PluginFilesMissingError extends CandleError {
  constructor(name: string, root: string, hint: string) {
    super({
      code: 'PLUGIN_FILES_MISSING',
      message: `Plugin ${name} is missing from ${showPath(root)}`,
      hint,
      details: { name, root },
    });
  }
}

export class PluginPackageDamagedError extends CandleError {
  constructor(name: string, root: string, reason: string, hint: string) {
    super({
      code: 'PLUGIN_PACKAGE_DAMAGED',
      message: `Plugin ${name} in ${showPath(root)} cannot be used: ${reason}`,
      hint,
      details: { name, root },
    });
  }
}

export class PluginNeedsOtherNodeError extends CandleError {
  constructor(name: string, range: string, version: string, hint: string) {
    super({
      code: 'PLUGIN_NODE_MISMATCH',
      message: `Plugin ${name} requires Node.js ${range}, but this is ${version}`,
      hint,
      details: { name, needs: range, node: version },
    });
  }
}

export class PluginNeedsOtherCandleError extends CandleError {
  constructor(name: string, needs: string, candleVersion: string, hint: string) {
    super({
      code: 'PLUGIN_CANDLE_MISMATCH',
      message: `Plugin ${name} requires Candle ${needs}, but this is ${candleVersion}`,
      hint,
      details: { name, needs, candle: candleVersion },
    });
  }
}

export class PluginNotLoadableError extends CandleError {
  constructor(name: string, reason: string, hint: string) {
    super({
      code: 'PLUGIN_NOT_LOADABLE',
      message: `Plugin ${name} could not be loaded: ${printable(reason)}`,
      hint,
      details: { name, reason },
    });
  }
}

export class PluginCommandTakenError extends CandleError {
  constructor(name: string, command: string, owner: string, hint: string) {
    super({
      code: 'PLUGIN_COMMAND_TAKEN',
      message: `Plugin ${name} cannot provide 'candle ${command}': the name belongs to ${owner}`,
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
      message: `Plugin ${[name, version].filter(Boolean).join(' ')} failed: ${reason.trim() || 'it gave no reason'}`,
      hint: `Try a newer version: candle plugins update ${name}. To see where it happened, run the command again with --debug`,
      details: { name, version, reason },
      cause,
    });
  }
}
