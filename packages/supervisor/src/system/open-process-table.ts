import { createLinuxProcessTable } from './linux-process-table.ts';
import type { ProcessTable } from './process-table.ts';

/** The process table of this platform. */
export async function openProcessTable(platform: NodeJS.Platform = process.platform): Promise<ProcessTable> {
  if (platform !== 'darwin') return createLinuxProcessTable();
  // Both only where they are needed: execa costs some 25 ms to load.
  const [{ createDarwinProcessTable }, { execaSync }] = await Promise.all([
    import('./darwin-process-table.ts'),
    import('execa'),
  ]);
  return createDarwinProcessTable((file, args) => {
    const env = { LC_ALL: 'C', TZ: 'UTC', CANDLE_RUN_ID: undefined };
    return execaSync(file, args, { env, reject: false, stdin: 'ignore', stderr: 'ignore' }).stdout ?? '';
  });
}
