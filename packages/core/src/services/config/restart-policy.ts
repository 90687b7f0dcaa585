import * as v from 'valibot';
import { described } from './described.ts';
import { isRecord } from './document.ts';
import { DurationSchema } from './duration-schema.ts';

export const restartPolicies = ['never', 'on-failure', 'always'] as const;

/** When a service that has ended by itself is started again, and how long it is left alone before. */
export interface RestartPolicy {
  readonly policy: (typeof restartPolicies)[number];
  /** Before the first restart; doubled for each one that follows, with some jitter. */
  readonly delayMs: number;
  readonly maxDelayMs: number;
  /** Restarts in a row that did not last; then it is given up. */
  readonly maxAttempts: number;
}

/**
 * Half a second lets a port be freed and a file be saved; half a minute is what a person is willing to wait for a
 * database that comes back; ten in a row take some three minutes, by when it is a mistake and not an outage.
 */
export const noRestart: RestartPolicy = { policy: 'never', delayMs: 500, maxDelayMs: 30_000, maxAttempts: 10 };

const policyProblem = `must be one of ${restartPolicies.join(', ')}`;
const attemptsProblem = 'must be a whole number from 1 to 1000';

const PolicySchema = v.picklist(restartPolicies, policyProblem);

const RestartObjectSchema = v.pipe(
  v.custom<Record<string, unknown>>(isRecord, `${policyProblem}, or an object with 'policy'`),
  v.looseObject({
    policy: described(PolicySchema, 'on-failure: after any end but with code 0. always: after any end but a kill.'),
    delay: v.exactOptional(
      described(DurationSchema, 'Before the first restart; doubled for each one that follows.', { default: '500ms' }),
    ),
    maxDelay: v.exactOptional(described(DurationSchema, 'The longest delay.', { default: '30s' })),
    maxAttempts: v.exactOptional(
      described(
        v.pipe(
          v.number(attemptsProblem),
          v.integer(attemptsProblem),
          v.minValue(1, attemptsProblem),
          v.maxValue(1000, attemptsProblem),
        ),
        'Restarts in a row that did not last ten seconds; then it is given up.',
        { default: noRestart.maxAttempts },
      ),
    ),
  }),
  v.transform(
    ({ policy, delay, maxDelay, maxAttempts }): RestartPolicy => ({
      policy,
      delayMs: delay ?? noRestart.delayMs,
      maxDelayMs: Math.max(maxDelay ?? noRestart.maxDelayMs, delay ?? 0),
      maxAttempts: maxAttempts ?? noRestart.maxAttempts,
    }),
  ),
);

/** `"on-failure"`, or `{ "policy": "on-failure", "delay": "1s", "maxDelay": "1m", "maxAttempts": 5 }`. */
export const RestartSchema = v.lazy((input) =>
  typeof input === 'string'
    ? v.pipe(
        PolicySchema,
        v.transform((policy): RestartPolicy => ({ ...noRestart, policy })),
      )
    : RestartObjectSchema,
);
