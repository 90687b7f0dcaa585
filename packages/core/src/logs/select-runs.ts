import type { Run } from '../runs/run.ts';
import { AmbiguousRunError, UnknownRunError } from './errors.ts';

/** The runs of one service, oldest first. */
export interface ServiceRuns {
  readonly name: string;
  readonly runs: readonly Run[];
}

/**
 * Selects one run per service by `latest`, `previous`, or an id or its beginning. Services without a matching run are
 * omitted.
 * @throws UnknownRunError if no service has a matching run; AmbiguousRunError
 */
export function selectRuns(services: readonly ServiceRuns[], run: string, projectDir: string): readonly ServiceRuns[] {
  const known = services.flatMap(({ runs }) => runs.map(({ id }) => id));
  const matching = known.includes(run) ? [run] : known.filter((id) => run !== '' && id.startsWith(run));
  const fromEnd = { latest: 1, previous: 2 }[run];
  if (fromEnd === undefined && matching.length > 1) throw new AmbiguousRunError(run, matching);
  const selected = services.flatMap(({ name, runs }) => {
    const one = fromEnd === undefined ? runs.find(({ id }) => id === matching[0]) : runs.at(-fromEnd);
    return one ? [{ name, runs: [one] }] : [];
  });
  // A service that has never run has no output yet, which is not an error.
  if (selected.length > 0 || (run === 'latest' && known.length === 0)) return selected;
  throw new UnknownRunError(
    run,
    projectDir,
    services.map(({ name }) => name),
    known,
  );
}
