import { createLinuxProcessTable } from './linux-process-table.ts';
import type { ProcessTable } from './process-table.ts';

/** The process table of this platform. */
export async function openProcessTable(platform: NodeJS.Platform = process.platform): Promise<ProcessTable> {
  if (platform !== 'darwin') return createLinuxProcessTable();
  // Loaded only where needed, because loading execa takes about 25 ms.
  const [{ createDarwinProcessTable }, { execaSync }] = await Promise.all([
    import('./darwin-process-table.ts'),
    import('execa'),
  ]);
  return createDarwinProcessTable((file, args) => {
    const env = { LC_ALL: 'C', TZ: 'UTC', CANDLE_RUN_ID: undefined };
    return execaSync(file, args, { env, reject: false, stdin: 'ignore', stderr: 'ignore' }).stdout ?? '';
  });
}
