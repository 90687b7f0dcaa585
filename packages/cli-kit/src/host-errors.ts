import { apiVersion, kitVersion } from './api-version.ts';
import { PluginError } from './errors.ts';
import type { CandleHost, PluginOfCommand } from './host.ts';

export class OutsideCandleError extends PluginError {
  constructor() {
    super({
      code: 'PLUGIN_OUTSIDE_CANDLE',
      message: 'This command can only run inside the candle CLI',
      hint: 'To use it as a plugin: candle plugins link .',
    });
  }
}

/** A plugin and a CLI have different API versions. The hint says how to update the older one. */
export class ApiMismatchError extends PluginError {
  constructor(
    host: Pick<CandleHost, 'apiVersion' | 'candleVersion'>,
    plugin: PluginOfCommand | undefined,
    kit: string = kitVersion(),
  ) {
    const name = plugin?.name;
    const isPluginOlder = apiVersion < host.apiVersion;
    super({
      code: 'PLUGIN_API_MISMATCH',
      message: `${name === undefined ? 'This plugin' : `Plugin ${name} ${plugin?.version ?? ''}`.trim()} was built for candle ${apiVersion} (cli-kit ${kit}), but this is candle ${host.candleVersion}`,
      hint: isPluginOlder
        ? [
            'To update all plugins: candle plugins update',
            ...(name === undefined ? [] : [`To uninstall this one: candle plugins uninstall ${name}`]),
          ].join('\n')
        : 'To update Candle: npm install --global @candle/cli',
      details: { plugin: name ?? null, cliKitVersion: kit, candleVersion: host.candleVersion },
    });
  }
}
