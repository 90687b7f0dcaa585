import fc from 'fast-check';

/** One step for a service. A step that does not apply, such as an exit of a service that is not running, is skipped. */
export type Step =
  | { readonly do: 'start' | 'check-start' | 'up' | 'restart' | 'kill' | 'down' }
  /** The program exits as soon as it is started. */
  | { readonly do: 'start-and-end'; readonly code: number }
  /** The program exits by itself. */
  | { readonly do: 'exit'; readonly code: number }
  /** `kill -9` from outside. */
  | { readonly do: 'kill -9'; readonly what: 'shim' | 'shell' | 'program' | 'group' }
  /** `ps` must report the real state. */
  | { readonly do: 'ps' };

const code = fc.constantFrom(0, 1, 7, 143);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('start', 'check-start', 'up', 'restart', 'kill', 'down') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('start-and-end'), code }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('exit'), code }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('kill -9'),
      what: fc.constantFrom('shim', 'shell', 'program', 'group'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('ps') }) },
);

/** Independent steps for two services of one project. */
export const sequences = fc.record({
  api: fc.array(step, { maxLength: 6 }),
  worker: fc.array(step, { maxLength: 6 }),
});
export type Sequences = { readonly [name in 'api' | 'worker']: readonly Step[] };
