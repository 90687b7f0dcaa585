/** How a use case affects existing state: annotations for the MCP tool, and a clause for the documentation. */
export interface Effect {
  readonly changes: boolean;
  /** May stop or delete something that exists. */
  readonly isDestructive: boolean;
  /** Repeating it with the same input has no further effect. */
  readonly isIdempotent: boolean;
  /** For the documentation: "Effect: …". */
  readonly clause: string;
}

export const effects = {
  reads: { changes: false, isDestructive: false, isIdempotent: true, clause: 'changes nothing' },
  acts: {
    changes: true,
    isDestructive: false,
    isIdempotent: false,
    clause: 'has an effect on each call; does not stop or delete anything',
  },
  ensures: {
    changes: true,
    isDestructive: false,
    isIdempotent: true,
    clause: 'adds only what is missing; does not stop or delete anything; repeating it has no further effect',
  },
  reconciles: {
    changes: true,
    isDestructive: true,
    isIdempotent: true,
    clause:
      'starts what is not running and restarts what has changed in the configuration; repeating it has no further effect',
  },
  removes: {
    changes: true,
    isDestructive: true,
    isIdempotent: true,
    clause: 'stops or deletes what you specify; repeating it has no further effect',
  },
  replaces: {
    changes: true,
    isDestructive: true,
    isIdempotent: false,
    clause: 'stops running services and starts them again on each call',
  },
  sends: {
    changes: true,
    isDestructive: true,
    isIdempotent: false,
    clause: 'depends on what the service does with the input',
  },
  runs: {
    changes: true,
    isDestructive: true,
    isIdempotent: false,
    clause: 'depends on the command that it runs',
  },
  permits: {
    changes: true,
    isDestructive: false,
    isIdempotent: true,
    clause: 'changes only which configurations Candle uses; repeating it has no further effect',
  },
} as const satisfies Record<string, Effect>;

/** All use cases, and how each affects existing state. The CLI and the MCP server say how they provide them. */
export const useCaseEffects = {
  'reserve-port': 'acts',
  'get-reserved-port': 'reads',
  'get-or-reserve-port': 'ensures',
  'release-ports': 'removes',
  'list-reserved-ports': 'reads',
  'add-service': 'acts',
  'remove-service': 'removes',
  'setup-project': 'ensures',
  init: 'ensures',
  list: 'reads',
  overview: 'reads',
  up: 'reconciles',
  down: 'removes',
  start: 'replaces',
  'check-start': 'ensures',
  restart: 'replaces',
  kill: 'removes',
  'who-has': 'reads',
  'wait-for-ready': 'reads',
  logs: 'reads',
  watch: 'reads',
  'wait-for-log': 'reads',
  'clear-logs': 'removes',
  send: 'sends',
  env: 'ensures',
  exec: 'runs',
  'list-ports': 'reads',
  url: 'reads',
  'open-browser': 'acts',
  doctor: 'reads',
  trust: 'permits',
  'erase-database': 'removes',
} as const satisfies Record<string, keyof typeof effects>;

export type UseCaseName = keyof typeof useCaseEffects;
