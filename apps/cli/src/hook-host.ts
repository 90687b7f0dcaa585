import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { withHost } from '@candle/cli-kit';
import type { CandleEvent } from '@candle/core';
import type { HookAnswer } from '@candle/supervisor';
import { Config, Plugin } from '@oclif/core/config';
import { createHost } from './host/create-host.ts';

const [stateDir = '', name = '', pluginRoot = ''] = process.argv.slice(2);
const packageRoot = dirname(dirname(fileURLToPath(import.meta.url)));

process.title = `candle-hook ${name}`;
process.env.CANDLE_STATE_DIR = stateDir;
// As for commands: oclif is not to look for TypeScript sources of a linked plugin.
Object.assign(Reflect.get(globalThis, 'oclif'), { enableAutoTranspile: false });

// Without anybody to announce to: a hook that reserves a port must not be told of it again and again.
const host = createHost(stateDir, { packageRoot, note: undefined });
let config: Promise<Config> | undefined;

/** oclif as the hooks of one plugin expect it around them, and no other plugin. */
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
    // oclif passes over a file that exports no function.
    if (failures.length + successes.length === 0) throw new Error('Its hook exports no function');
    const [failure] = failures.filter(({ error }) => !isLeave(error));
    return failure ? explain(failure.error) : {};
  } catch (error) {
    return explain(error);
  }
}

/** `this.exit(0)` is how oclif's hooks end early. */
function isLeave(error: Error & { oclif?: { exit?: number } }): boolean {
  return error.oclif?.exit === 0;
}

/** Longer than any sentence; what a plugin throws may be anything. */
const maxProblemLength = 200;

/** Its first line is passed on, all of it goes to hooks.log. */
function explain(error: unknown): HookAnswer {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`${text}\n`);
  const message = error instanceof Error && error.message !== '' ? error.message : text;
  return { problem: message.split('\n', 1).join('').slice(0, maxProblemLength) };
}

process.on('message', (event: CandleEvent) => {
  void runHooks(event).then((answer) => process.send?.(answer));
});
process.on('disconnect', () => process.exit());

/**
 * A hook that blocks hears nothing of the end of the process that would have ended it, and would go on for ever. This thread
 * does not mind: it sees that the process has another parent. Which one it had is asked here: a thread takes its time to start.
 */
const outlivesNobody = `
setInterval(() => process.ppid === ${process.ppid} || process.kill(process.pid, 'SIGKILL'), 1_000);`;
new Worker(outlivesNobody, { eval: true }).unref();
