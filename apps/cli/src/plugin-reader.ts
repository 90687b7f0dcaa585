import { parentPort, workerData } from 'node:worker_threads';
import { Plugin } from '@oclif/core/config';
import type { PluginReaderMessage } from './plugins/load/read-commands.ts';

// A thread that loads the commands of one plugin to see what they are called, for want of a manifest: whatever their
// modules do to their surroundings ends with it.

const tell = (news: PluginReaderMessage) => parentPort?.postMessage(news);
const plugin = new Plugin({ root: String(workerData), type: 'link' });
// As for commands: oclif is not to look for TypeScript sources of a linked plugin.
Object.assign(Reflect.get(globalThis, 'oclif'), { enableAutoTranspile: false });

const findIds = Reflect.get(plugin, 'getCommandIDs').bind(plugin) as () => Promise<string[]>;
Object.assign(plugin, {
  // Told before they are loaded, as that may be the end.
  getCommandIDs: async () => {
    const commandIds = await findIds();
    tell({ commandIds });
    return commandIds;
  },
  // A command that cannot be loaded is left out by oclif, with a warning of many lines.
  warn: (error: unknown) => tell({ problem: reasonOf(error) }),
});
// Some of what oclif finds wrong it tells only by Node's warnings.
process.emitWarning = (warning: string | Error) => {
  if (String(warning).includes(`${plugin.name} plugin`)) tell({ problem: reasonOf(warning) });
};
// What goes wrong beside the loading, and may not go wrong the next time, is told by the command when it runs.
process.on('uncaughtException', () => undefined);
// A module that waits for nothing that will ever come is given its time, too.
parentPort?.on('message', () => undefined);
// Not awaited here: of a thread that ends before, Node would print a warning.
void read();

async function read(): Promise<void> {
  try {
    await plugin.load();
    // As it would stand in a file: nothing else could be sent.
    tell({ manifest: JSON.stringify(plugin.manifest) });
  } catch (error) {
    tell({ problem: reasonOf(error) });
    process.exit();
  }
}

/** One line; Node adds who required a module, and where it looked. */
function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message || error.name : String(error);
  const line = text.trim().split('\n', 1).join('');
  // In the words of oclif's loader.
  return line.replace(/^\[MODULE_NOT_FOUND\] \S+ failed to load .*?: (?=Cannot find)/, '');
}
