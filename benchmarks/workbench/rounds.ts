/** How often each kind of figure is measured. */
export interface Rounds {
  /** Single commands. */
  readonly pairs: number;
  /** 64 commands at once. */
  readonly batches: number;
  /** Whole starts of a service. */
  readonly starts: number;
  /** A million lines at once. */
  readonly floods: number;
  /** Lines of a service that prints all the time, and of one that is mostly quiet. */
  readonly hotLines: number;
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
