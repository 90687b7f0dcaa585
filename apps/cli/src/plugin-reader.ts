import { parentPort, workerData } from 'node:worker_threads';
import { Plugin } from '@oclif/core/config';
import type { PluginReaderMessage } from './plugins/load/read-commands.ts';

// A thread that loads the commands of one plugin without a manifest to find out their names. Whatever its modules do to the
// environment ends with the thread.

const post = (message: PluginReaderMessage) => parentPort?.postMessage(message);
const plugin = new Plugin({ root: String(workerData), type: 'link' });
// As for commands: stops oclif from looking for TypeScript sources of a linked plugin.
Object.assign(globalThis, {
  oclif: Object.assign(Reflect.get(globalThis, 'oclif') ?? {}, { enableAutoTranspile: false }),
});

const findIds = Reflect.get(plugin, 'getCommandIDs').bind(plugin) as () => Promise<string[]>;
Object.assign(plugin, {
  // Posted before the commands are loaded, because loading them may end the thread.
  getCommandIDs: async () => {
    const commandIds = await findIds();
    post({ commandIds });
    return commandIds;
  },
  // oclif skips a command that cannot be loaded, with a warning of many lines.
  warn: (error: unknown) => post({ problem: reasonOf(error) }),
});
// oclif reports some problems only as Node.js warnings.
process.emitWarning = (warning: string | Error) => {
  if (String(warning).includes(`${plugin.name} plugin`)) post({ problem: reasonOf(warning) });
};
// Ignores errors outside of loading: they may be temporary, and the command reports them when it runs.
process.on('uncaughtException', () => undefined);
// Keeps the thread alive while a module waits, until the parent's timeout.
parentPort?.on('message', () => undefined);
// Not awaited: Node.js would print a warning if the thread ended before.
void read();

async function read(): Promise<void> {
  try {
    await plugin.load();
    // Sent as JSON like in the file, because the object itself cannot be cloned.
    post({ manifest: JSON.stringify(plugin.manifest) });
  } catch (error) {
    post({ problem: reasonOf(error) });
    process.exit();
  }
}

/** The first line. Node.js adds lines with the require stack and the search paths. */
function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message || error.name : String(error);
  const line = text.trim().split('\n', 1).join('');
  // Removes the prefix of oclif's loader.
  return line.replace(/^\[MODULE_NOT_FOUND\] \S+ failed to load .*?: (?=Cannot find)/, '');
}
