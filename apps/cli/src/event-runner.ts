import { dirname, join } from 'node:path';
import { notifyPlugins } from '@candle/supervisor';

const [, ownScript = '', stateDir = ''] = process.argv;

process.title = 'candle-events';
const script = join(dirname(ownScript), 'hook-host.cjs');
// An error is ignored: if the state directory no longer exists, there are no events to deliver.
await notifyPlugins({ node: process.execPath, script, stateDir }).catch(() => undefined);
process.exit();
