import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { notifyPlugins } from '@candle/supervisor';

const [stateDir = ''] = process.argv.slice(2);

process.title = 'candle-events';
const script = join(dirname(fileURLToPath(import.meta.url)), 'hook-host.js');
// An error is ignored: if the state directory is gone, there are no events to deliver.
await notifyPlugins({ node: process.execPath, script, stateDir }).catch(() => undefined);
process.exit();
