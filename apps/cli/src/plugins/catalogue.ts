import type { CandleError } from '@candle/core';
import {
  EmptyPluginNameError,
  InvalidPluginNameError,
  NotAPluginError,
  PluginAddressNeededError,
  PluginCommandTakenError,
  PluginDirectoryMissingError,
  PluginFailedError,
  PluginFilesMissingError,
  PluginInstallFailedError,
  PluginIsDirectoryError,
  PluginLinkedError,
  PluginListDamagedError,
  PluginNeedsOtherCandleError,
  PluginNeedsOtherNodeError,
  PluginNotFoundError,
  PluginNotInstalledError,
  PluginNotLoadableError,
  PluginPackageDamagedError,
  PluginsBusyError,
  PluginsDirectoryUnusableError,
  PluginsDiskFullError,
  PluginTarballMissingError,
  PluginVersionNotFoundError,
  RegistryRefusedError,
  RegistryUnreachableError,
} from './errors.ts';

const hosts = '@candle/plugin-hosts';
const dataDir = '/home/ada/.local/share/candle';
const root = `${dataDir}/node_modules/${hosts}`;
const hint = `Update it: candle plugins update ${hosts}, or uninstall it: candle plugins uninstall ${hosts}`;

/** One example of each error about plugins, as users see it. docs/reference/errors.md is generated from it. */
export const pluginErrors: readonly CandleError[] = [
  new EmptyPluginNameError('name'),
  new InvalidPluginNameError('hosts; reboot', 'is not the name of a plugin'),
  new PluginAddressNeededError('someone/their-plugin'),
  new PluginIsDirectoryError('/home/ada/plugin-hosts'),
  new PluginTarballMissingError('/home/ada/plugin-hosts-1.0.0.tgz', false),
  new PluginNotFoundError('@candle/plugin-hsots', true),
  new PluginVersionNotFoundError(hosts, '9'),
  new RegistryUnreachableError(hosts, 'connect ECONNREFUSED 127.0.0.1:4873'),
  new RegistryRefusedError('@ada/private', 'Unable to authenticate, need: Basic'),
  new NotAPluginError('left-pad', '1.3.0', 'its package.json has no "oclif"'),
  new PluginInstallFailedError(hosts, 'command failed: node-gyp rebuild', undefined),
  new PluginsDirectoryUnusableError(dataDir, new Error(`EACCES: permission denied, mkdir '${dataDir}'`)),
  new PluginsDiskFullError(dataDir, undefined),
  new PluginsBusyError(dataDir, 300_000),
  new PluginListDamagedError(`${dataDir}/package.json`, undefined),
  new PluginNotInstalledError('hsots', ['hosts']),
  new PluginLinkedError(hosts, '/home/ada/plugin-hosts'),
  new PluginDirectoryMissingError('/home/ada/plugin-hosts', 'it has no package.json'),
  new PluginFilesMissingError(hosts, root, hint),
  new PluginPackageDamagedError(hosts, root, 'its package.json is damaged: Unexpected end of JSON input', hint),
  new PluginNeedsOtherNodeError(hosts, '>=26', '24.21.0', hint),
  new PluginNeedsOtherCandleError(hosts, '^2.0.0', '1.4.0', hint),
  new PluginNotLoadableError(hosts, "Cannot find package 'handlebars'", hint),
  new PluginCommandTakenError(hosts, 'start', 'Candle itself', hint),
  new PluginFailedError(hosts, '1.0.0', new Error("Cannot read properties of undefined (reading 'port')")),
];
