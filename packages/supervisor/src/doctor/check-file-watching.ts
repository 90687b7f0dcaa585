import { existsSync, watch } from 'node:fs';
import { type Check, ok, warning } from './check.ts';

const inotifyHint =
  'Raise the limits: sudo sysctl fs.inotify.max_user_instances=512 fs.inotify.max_user_watches=524288';

/** Checks that files can be watched; otherwise they have to be polled. */
export const checkFileWatching: Check = {
  name: 'file watching',
  run: async ({ stateDir }) => {
    if (!existsSync(stateDir)) return ok('Not tested: there is no state directory yet');
    const failure = await watchOnce(stateDir);
    if (failure === undefined) return ok('Works');
    return [
      warning(
        `Files cannot be watched (${failure.code ?? failure.message}): new output appears with a slight delay`,
        inotifyHint,
      ),
    ];
  },
};

/** Some failures are thrown, others are emitted as an error event. */
async function watchOnce(path: string): Promise<NodeJS.ErrnoException | undefined> {
  try {
    const watcher = watch(path);
    const failed = new Promise<NodeJS.ErrnoException>((resolve) => watcher.once('error', resolve));
    const passed = new Promise<undefined>((resolve) => setImmediate(() => resolve(undefined)));
    const failure = await Promise.race([failed, passed]);
    watcher.close();
    return failure;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
