import { advise, CandleError, candle, program, quote, sentences, showPath } from '@candle/core/errors';
import { examplePlugin } from '../directory/errors.ts';

const fullNames = 'Use its full name: candle plugins install @someone/their-plugin, or candle-plugin-NAME';

export class InvalidPluginNameError extends CandleError {
  static readonly code = 'PLUGIN_NAME_INVALID';
  static example() {
    return new InvalidPluginNameError('hosts; reboot', 'is not the name of a plugin');
  }

  constructor(text: string, reason: string, shortName?: string) {
    super({
      message: `${quote(text)} cannot be installed: it ${reason}`,
      hint:
        shortName === undefined
          ? fullNames
          : advise(`To install @candle/plugin-${shortName}`, candle('plugins', 'install', shortName)),
      details: { name: text.slice(0, 300) },
    });
  }
}

/** npm would treat the name as a repository on GitHub, or on the given host. */
export class PluginAddressNeededError extends CandleError {
  static readonly code = 'PLUGIN_ADDRESS_NEEDED';
  static example() {
    return new PluginAddressNeededError('someone/their-plugin');
  }

  constructor(text: string) {
    const [, host = 'github', slug = text] = /^(?:([a-z]+):)?(.*)$/.exec(text) ?? [];
    super({
      message: `${quote(text)} is not a package name; to install a repository, use its full URL`,
      hint: advise('To install the repository', candle('plugins', 'install', `git+https://${host}.com/${slug}.git`)),
      details: { name: text },
    });
  }
}

export class PluginIsDirectoryError extends CandleError {
  static readonly code = 'PLUGIN_IS_DIRECTORY';
  static example() {
    return new PluginIsDirectoryError('/home/ada/plugin-hosts');
  }

  constructor(path: string) {
    super({
      message: `${showPath(path)} is a directory, which cannot be installed`,
      hint: advise('To link it', candle('plugins', 'link', path)),
      details: { path },
    });
  }
}

export class PluginTarballMissingError extends CandleError {
  static readonly code = 'PLUGIN_TARBALL_MISSING';
  static example() {
    return new PluginTarballMissingError('/home/ada/plugin-hosts-1.0.0.tgz', false);
  }

  constructor(path: string, isThere: boolean) {
    super({
      message: isThere ? `${showPath(path)} is not a tarball` : `${showPath(path)} does not exist`,
      hint: 'To create a tarball (NAME-VERSION.tgz), run npm pack in the directory of the plugin',
      details: { path },
    });
  }
}

export class PluginDirectoryMissingError extends CandleError {
  static readonly code = 'PLUGIN_DIRECTORY_MISSING';
  static example() {
    return new PluginDirectoryMissingError('/home/ada/plugin-hosts', 'it has no package.json');
  }

  constructor(path: string, reason: string) {
    super({
      message: `${showPath(path)} cannot be linked: ${reason}`,
      hint: advise('Use the directory that has the package.json of the plugin', candle('plugins', 'link', 'DIR')),
      details: { path },
    });
  }
}

export class PluginLinkedError extends CandleError {
  static readonly code = 'PLUGIN_LINKED';
  static example() {
    return new PluginLinkedError(examplePlugin, '/home/ada/plugin-hosts');
  }

  constructor(name: string, root: string) {
    super({
      message: `${name} is linked to ${showPath(root)}, so it cannot be installed`,
      hint: advise('To install the published version, unlink the plugin first', candle('plugins', 'unlink', name)),
      details: { name, root },
    });
  }
}

export class PluginNotFoundError extends CandleError {
  static readonly code = 'PLUGIN_NOT_FOUND';
  static example() {
    return new PluginNotFoundError('@candle/plugin-hsots', true);
  }

  constructor(name: string, isShort: boolean) {
    super({
      message: `The registry has no package ${quote(name)}`,
      hint: isShort
        ? `A name without a scope means a plugin in the @candle scope. To install another plugin: candle plugins install @someone/their-plugin, or candle-plugin-NAME`
        : advise('To search for it', program('npm', 'search', ...name.replace(/^@/, '').split('/'))),
      details: { name },
    });
  }
}

export class PluginVersionNotFoundError extends CandleError {
  static readonly code = 'PLUGIN_VERSION_NOT_FOUND';
  static example() {
    return new PluginVersionNotFoundError(examplePlugin, '9');
  }

  constructor(name: string, tag: string) {
    super({
      message: `The registry has no version ${quote(tag)} of ${quote(name)}, or of one of its dependencies`,
      hint: advise('To list the versions', program('npm', 'view', name, 'versions')),
      details: { name, version: tag },
    });
  }
}

export class RegistryUnreachableError extends CandleError {
  static readonly code = 'PLUGIN_REGISTRY_UNREACHABLE';
  static example() {
    return new RegistryUnreachableError(examplePlugin, 'connect ECONNREFUSED 127.0.0.1:4873');
  }

  constructor(what: string, reason: string) {
    super({
      message: `${quote(what)} could not be fetched: ${reason}`,
      hint: sentences(
        'Nothing was changed',
        advise('Check the network connection and the registry', program('npm', 'config', 'get', 'registry')),
      ),
      details: { name: what, reason },
    });
  }
}

export class RegistryRefusedError extends CandleError {
  static readonly code = 'PLUGIN_REGISTRY_REFUSED';
  static example() {
    return new RegistryRefusedError('@ada/private', 'Unable to authenticate, need: Basic');
  }

  constructor(what: string, reason: string) {
    super({
      message: `The registry denies access to ${quote(what)}: ${reason}`,
      hint: sentences('Nothing was changed', advise('Log in to the registry of the package', program('npm', 'login'))),
      details: { name: what, reason },
    });
  }
}

export class NotAPluginError extends CandleError {
  static readonly code = 'PLUGIN_NONE';
  static example() {
    return new NotAPluginError('left-pad', '1.3.0', 'its package.json has no "oclif"');
  }

  constructor(name: string, version: string | undefined, reason: string) {
    super({
      message: `${[name, version].filter(Boolean).join('@')} is not a Candle plugin: ${reason}`,
      hint: 'Nothing was changed. Did you mean a different package?',
      details: { name, version },
    });
  }
}

export class PluginInstallFailedError extends CandleError {
  static readonly code = 'PLUGIN_INSTALL_FAILED';
  static example() {
    return new PluginInstallFailedError(examplePlugin, 'command failed: node-gyp rebuild', undefined);
  }

  constructor(what: string, reason: string, cause: unknown) {
    super({
      message: `${quote(what)} could not be installed: ${reason}`,
      hint: 'Nothing was changed. To see all output of npm, run the command again with --debug',
      details: { name: what, reason },
      cause,
    });
  }
}
