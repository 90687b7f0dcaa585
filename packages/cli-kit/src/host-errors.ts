import { apiVersion, kitVersion } from './api-version.ts';
import { PluginError } from './errors.ts';
import type { CandleHost, PluginOfCommand } from './host.ts';

export class OutsideCandleError extends PluginError {
  constructor() {
    super({
      code: 'PLUGIN_OUTSIDE_CANDLE',
      message: 'This command runs inside the candle CLI only',
      hint: 'candle plugins link .',
    });
  }
}

/** A plugin and a CLI that do not understand each other; whichever is older can be updated. */
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
      message: `${name === undefined ? 'This plugin' : `Plugin ${name} ${plugin?.version ?? ''}`.trim()} was made for candle ${apiVersion} (it has cli-kit ${kit}), and this is candle ${host.candleVersion}`,
      hint: isPluginOlder
        ? ['candle plugins update', ...(name === undefined ? [] : [`candle plugins uninstall ${name}`])].join('\n')
        : 'npm install --global @candle/cli',
      details: { plugin: name ?? null, cliKitVersion: kit, candleVersion: host.candleVersion },
    });
  }
}
