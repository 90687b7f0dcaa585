import * as v from 'valibot';
import { DurationSchema, described, objectOf, oneOf } from './schema-parts.ts';

export const restartPolicies = ['never', 'on-failure', 'always'] as const;

/** When a service that has exited without being stopped is restarted, and after which delay. */
export interface RestartPolicy {
  readonly policy: (typeof restartPolicies)[number];
  /** Before the first restart; doubled for each further restart, with some jitter. */
  readonly delayMs: number;
  readonly maxDelayMs: number;
  /** Consecutive restarts that do not last before the policy gives up. */
  readonly maxAttempts: number;
}

/**
 * Half a second is enough to free a port or save a file. Half a minute is an acceptable wait for a database that becomes
 * available again. Ten restarts in a row take about three minutes, after which the cause is a bug and not an outage.
 */
export const noRestart: RestartPolicy = { policy: 'never', delayMs: 500, maxDelayMs: 30_000, maxAttempts: 10 };

const policyProblem = `must be one of ${restartPolicies.join(', ')}`;
const attemptsProblem = 'must be a whole number from 1 to 1000';

const PolicySchema = v.picklist(restartPolicies, oneOf(restartPolicies));

const RestartObjectSchema = v.pipe(
  objectOf(`${policyProblem}, or an object with 'policy'`, {
    policy: described(
      PolicySchema,
      'on-failure: restart after any exit except with code 0. always: restart after any exit. Neither restarts a service that was stopped, or whose start failed.',
    ),
    delay: v.exactOptional(
      described(DurationSchema, 'The delay before the first restart; doubled for each further restart.', {
        default: '500ms',
      }),
    ),
    maxDelay: v.exactOptional(described(DurationSchema, 'The maximum delay.', { default: '30s' })),
    maxAttempts: v.exactOptional(
      described(
        v.pipe(
          v.number(attemptsProblem),
          v.integer(attemptsProblem),
          v.minValue(1, attemptsProblem),
          v.maxValue(1000, attemptsProblem),
        ),
        'How many consecutive restarts may last less than ten seconds before Candle gives up.',
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
