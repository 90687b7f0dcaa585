import fc from 'fast-check';

/** `api` has a port "auto" in its configuration, `web` prefers a number that all projects prefer, `worker` asks for none. */
export const serviceNames = ['api', 'web', 'worker'] as const;
export type ServiceName = (typeof serviceNames)[number];
export const projectNames = ['one', 'two', 'three'] as const;
export type ProjectName = (typeof projectNames)[number];

export type Verb = 'reserve' | 'release' | 'start' | 'move' | 'kill';

/** What happens to a service of one project. */
export type StoreStep = { readonly service: ServiceName } & (
  | { readonly do: Verb }
  /** Its program dies of `kill -9`. */
  | { readonly do: 'crash' }
  /** The command dies of `kill -9` after so many milliseconds. */
  | { readonly do: 'cut'; readonly verb: Verb; readonly afterMs: number }
);

/** Mostly those that listen where others want to. */
const service = fc.constantFrom<ServiceName>('api', 'api', 'web', 'web', 'worker');
const verb = fc.constantFrom<Verb>('reserve', 'release', 'start', 'move', 'kill');

const step: fc.Arbitrary<StoreStep> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: verb, service }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('crash'), service }) },
  // From before it has loaded to behind its last write.
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('cut'), verb, afterMs: fc.integer({ min: 20, max: 600 }), service }),
  },
);

/** In each round every project takes one step, all of them at once. */
export type Round = Readonly<Record<ProjectName, StoreStep>>;
export const rounds = fc.array(fc.record({ one: step, two: step, three: step }), { minLength: 2, maxLength: 6 });
