import fc from 'fast-check';

/** In the configuration, `api` has `"port": "auto"`, `web` has a port that all projects prefer, and `worker` has none. */
export const serviceNames = ['api', 'web', 'worker'] as const;
export type ServiceName = (typeof serviceNames)[number];
export const projectNames = ['one', 'two', 'three'] as const;
export type ProjectName = (typeof projectNames)[number];

export type Verb = 'reserve' | 'release' | 'start' | 'move' | 'kill';

/** One step for a service of one project. */
export type StoreStep = { readonly service: ServiceName } & (
  | { readonly do: Verb }
  /** Its program is killed with `kill -9`. */
  | { readonly do: 'crash' }
  /** The command is killed with `kill -9` after this many milliseconds. */
  | { readonly do: 'kill-command'; readonly verb: Verb; readonly afterMs: number }
);

/** Mostly services with a port, because only they can conflict. */
const service = fc.constantFrom<ServiceName>('api', 'api', 'web', 'web', 'worker');
const verb = fc.constantFrom<Verb>('reserve', 'release', 'start', 'move', 'kill');

const step: fc.Arbitrary<StoreStep> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: verb, service }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('crash'), service }) },
  // From before the command has loaded until after its last write.
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('kill-command'),
      verb,
      afterMs: fc.integer({ min: 20, max: 600 }),
      service,
    }),
  },
);

/** In each round, every project plays one step, all at the same time. */
export type Round = Readonly<Record<ProjectName, StoreStep>>;
export const rounds = fc.array(fc.record({ one: step, two: step, three: step }), { minLength: 2, maxLength: 6 });
