import { expect, test } from 'vitest';
import { apiVersion } from './api-version.ts';
import { CandleCommand } from './candle-command.ts';
import { type CandleHost, hostOf, withHost } from './host.ts';

/** Tells what it runs in. */
class Tells extends CandleCommand {
  async run() {
    await this.parse(Tells);
    return { config: this.config, host: this.host };
  }
}

/** As much of a configuration of oclif's as a command asks for. */
function configWith(options: object) {
  return {
    options,
    bin: 'candle',
    scopedEnvVarKeys: () => [],
    runHook: async () => ({ successes: [], failures: [] }),
  };
}

const host = { apiVersion, candleVersion: '1.2.3' } as CandleHost;

test('a command runs in the configuration that it is given, and not in one that is loaded anew', async () => {
  const config = configWith(withHost({}, host));
  const ran = await Tells.run([], config);
  expect(ran.config).toBe(config);
  expect(ran.host).toBe(host);
});

test('outside of candle, a command says where it runs', () => {
  expect(() => hostOf(configWith({}))).toThrow(
    expect.objectContaining({ code: 'PLUGIN_OUTSIDE_CANDLE', hint: 'candle plugins link .' }),
  );
});
