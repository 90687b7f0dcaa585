import { expect, test } from 'vitest';
import { apiVersion } from './api-version.ts';
import { CandleCommand } from './base-commands.ts';
import { type CandleHost, hostOf, withHost } from './host.ts';

/** Returns its config and its host. */
class Reports extends CandleCommand {
  async run() {
    await this.parse(Reports);
    return { config: this.config, host: this.host };
  }
}

/** The part of an oclif config that a command uses. */
function configWith(options: object) {
  return {
    options,
    bin: 'candle',
    scopedEnvVarKeys: () => [],
    runHook: async () => ({ successes: [], failures: [] }),
  };
}

const host = { apiVersion, candleVersion: '1.2.3' } as CandleHost;

test('a command uses the config that it is given and does not load another one', async () => {
  const config = configWith(withHost({}, host));
  const result = await Reports.run([], config);
  expect(result.config).toBe(config);
  expect(result.host).toBe(host);
});

test('outside candle, a command fails and says how to run it', () => {
  expect(() => hostOf(configWith({}))).toThrow(
    expect.objectContaining({ code: 'PLUGIN_OUTSIDE_CANDLE', hint: 'To use it as a plugin: candle plugins link .' }),
  );
});
