import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { withHost } from '@candle/cli-kit';
import type { CandleEvent } from '@candle/core/events';
import type { HookAnswer } from '@candle/supervisor';
import { Config, Plugin } from '@oclif/core/config';
import { createHost } from './host/create-host.ts';

const [, script = '', stateDir = '', name = '', pluginRoot = ''] = process.argv;
const packageRoot = dirname(dirname(script));

process.title = `candle-hook ${name}`;
process.env.CANDLE_STATE_DIR = stateDir;
// As for commands: stops oclif from looking for TypeScript sources of a linked plugin.
Object.assign(globalThis, {
  oclif: Object.assign(Reflect.get(globalThis, 'oclif') ?? {}, { enableAutoTranspile: false }),
});

// This host does not announce events. Otherwise a hook that reserves a port would trigger itself endlessly.
const host = createHost(stateDir, { packageRoot, note: undefined });
let config: Promise<Config> | undefined;

/** Loads oclif's config with only one plugin, as the hooks of that plugin expect it. */
async function loadConfig(): Promise<Config> {
  const options = { root: packageRoot, userPlugins: false, devPlugins: false };
  const loaded = await Config.load(withHost(options, host));
  const plugin = new Plugin({ name, root: pluginRoot, type: 'link' });
  await plugin.load();
  loaded.plugins = new Map([[plugin.name, plugin]]);
  return loaded;
}

async function runHooks(event: CandleEvent): Promise<HookAnswer> {
  try {
    config ??= loadConfig();
    const { failures, successes } = await (await config).runHook(event.kind, { event, host }, undefined, true);
    // oclif silently skips a file that does not export a function.
    if (failures.length + successes.length === 0) throw new Error('Its hook does not export a function');
    const [failure] = failures.filter(({ error }) => !isEarlyExit(error));
    return failure ? explain(failure.error) : {};
  } catch (error) {
    return explain(error);
  }
}

/** oclif hooks call `this.exit(0)` to end early. */
function isEarlyExit(error: Error & { oclif?: { exit?: number } }): boolean {
  return error.oclif?.exit === 0;
}

/** Longer than any sentence. A plugin may throw arbitrary text. */
const maxProblemLength = 200;

/** Returns the first line of an error and writes the complete error to hooks.log. */
function explain(error: unknown): HookAnswer {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`${text}\n`);
  const message = error instanceof Error && error.message !== '' ? error.message : text;
  return { problem: message.split('\n', 1).join('').slice(0, maxProblemLength) };
}

process.on('message', (event: CandleEvent) => {
  void runHooks(event).then((answer) => process.send?.(answer));
});
process.on('disconnect', () => void host.close().finally(() => process.exit()));

/**
 * A hook that blocks the event loop never sees the disconnect when the parent process ends, and would run forever. This thread
 * keeps checking whether the process has another parent, and kills it. The original parent is read here, because the thread
 * starts with a delay.
 */
const killOrphan = `
setInterval(() => process.ppid === ${process.ppid} || process.kill(process.pid, 'SIGKILL'), 1_000);`;
new Worker(killOrphan, { eval: true }).unref();
