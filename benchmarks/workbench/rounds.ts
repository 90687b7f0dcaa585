/** How often each type of figure is measured. */
export interface Rounds {
  /** Pairs of single commands. */
  readonly pairs: number;
  /** Batches of 64 concurrent commands. */
  readonly batches: number;
  /** Starts of a service. */
  readonly starts: number;
  /** Runs that print a million lines. */
  readonly floods: number;
  /** Lines of a service that prints frequently. */
  readonly hotLines: number;
  /** Lines of a service that prints rarely. */
  readonly coldLines: number;
  /** Commands that wait for a line. */
  readonly waits: number;
  /** Starts of a hundred services. */
  readonly hundreds: number;
}

export const fullRounds: Rounds = {
  pairs: 25,
  batches: 5,
  starts: 11,
  floods: 5,
  hotLines: 100,
  coldLines: 12,
  waits: 11,
  hundreds: 3,
};
export const quickRounds: Rounds = {
  pairs: 7,
  batches: 2,
  starts: 3,
  floods: 2,
  hotLines: 30,
  coldLines: 4,
  waits: 3,
  hundreds: 1,
};
