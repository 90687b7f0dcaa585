/** How often each kind of figure is measured. */
export interface Rounds {
  /** Single commands. */
  readonly pairs: number;
  /** 64 commands at once. */
  readonly batches: number;
  /** Whole starts of a service. */
  readonly starts: number;
}

export const fullRounds: Rounds = { pairs: 25, batches: 5, starts: 11 };
export const quickRounds: Rounds = { pairs: 7, batches: 2, starts: 3 };
