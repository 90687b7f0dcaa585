import fc from 'fast-check';

/** What happens to one service. What has no sense at the moment (an end of what does not run) is left out when it is due. */
export type Step =
  | { readonly do: 'start' | 'check-start' | 'restart' | 'kill' }
  /** It ends as soon as it is started. */
  | { readonly do: 'start-and-end'; readonly code: number }
  /** The program ends by itself. */
  | { readonly do: 'exit'; readonly code: number }
  /** `kill -9` from outside. */
  | { readonly do: 'kill -9'; readonly what: 'shim' | 'shell' | 'program' | 'group' }
  /** Somebody asks how it is. */
  | { readonly do: 'look' };

const code = fc.constantFrom(0, 1, 7, 143);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('start', 'check-start', 'restart', 'kill') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('start-and-end'), code }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('exit'), code }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('kill -9'),
      what: fc.constantFrom('shim', 'shell', 'program', 'group'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('look') }) },
);

/** Two services of one project, each with a fate of its own; most have something running to begin with. */
export const sequences = fc.record({
  api: fc.array(step, { maxLength: 6 }),
  worker: fc.array(step, { maxLength: 6 }),
});
export type Sequences = { readonly [name in 'api' | 'worker']: readonly Step[] };
