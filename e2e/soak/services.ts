import { fileURLToPath } from 'node:url';

export interface SoakService {
  readonly name: string;
  readonly maxBytes: number;
}

const program = fileURLToPath(new URL('programs/prints-numbers.ts', import.meta.url));
const MiB = 1024 * 1024;
const kinds = [
  { count: 7, behavior: 'steady', restart: 'never' },
  {
    count: 4,
    behavior: 'crashes',
    restart: { policy: 'on-failure', delay: '100ms', maxDelay: '2s', maxAttempts: 1000 },
  },
  { count: 4, behavior: 'crashes', restart: { policy: 'always', delay: '50ms', maxDelay: '1s', maxAttempts: 1000 } },
  { count: 2, behavior: 'crashes', restart: 'never' },
  { count: 3, behavior: 'job', restart: { policy: 'always', delay: '200ms', maxDelay: '3s', maxAttempts: 1000 } },
] as const;
/** Used in rotation. With the smallest, a flood evicts output; with the largest, nothing is evicted for a long time. */
const sizes = [64 * MiB, 8 * MiB, 1 * MiB] as const;

/** Twenty services with all behaviors, restart policies and limits. */
export const soakServices: readonly (SoakService & (typeof kinds)[number])[] = kinds
  .flatMap((kind) => Array.from({ length: kind.count }, () => kind))
  .map((kind, index) => ({ ...kind, name: `s${index + 1}`, maxBytes: sizes[index % sizes.length] ?? MiB }));

export function soakConfig(book: string): object {
  return {
    services: soakServices.map(({ name, behavior, restart, maxBytes }) => ({
      name,
      // Some services have a shell between Candle and the program, as with `npm run dev`.
      shell: `${maxBytes === MiB ? '' : 'exec '}node '${program}' '${book}' ${behavior}`,
      restart,
      stopTimeout: '5s',
      logs: { maxBytes },
    })),
  };
}
