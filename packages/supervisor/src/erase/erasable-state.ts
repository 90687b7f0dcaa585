export interface ErasableState {
  readonly stateDir: string;
  /** Null if the database cannot be read. */
  readonly reservationCount: number | null;
  /** Projects with a reservation or a service; null if the database cannot be read. */
  readonly projectCount: number | null;
}

/** What would be deleted, for use inside a sentence. */
export function describeErasable({
  stateDir,
  reservationCount,
  projectCount,
}: Pick<ErasableState, 'stateDir' | 'reservationCount' | 'projectCount'>): string {
  const reservations =
    reservationCount === null
      ? 'all reservations (their number cannot be read)'
      : `${withNoun(reservationCount, 'reservation')} of ${withNoun(projectCount ?? 0, 'project')}`;
  return `${reservations} and all stored output in ${stateDir}`;
}

function withNoun(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
