import * as v from 'valibot';
import { described } from './described.ts';
import { parseDurationMs } from './duration.ts';

const durationProblem = "must be a duration from 0 to 24 days: a number of seconds, or '500ms', '10s', '5m', '2h'";

/** A duration as written; the output is in milliseconds. */
export const DurationSchema = v.pipe(
  described(v.union([v.number(), v.string()], durationProblem), "A number of seconds, or '500ms', '10s', '5m', '2h'."),
  v.rawTransform(({ dataset, addIssue, NEVER }): number => {
    const milliseconds = parseDurationMs(dataset.value);
    if (milliseconds !== undefined) return milliseconds;
    addIssue({ message: durationProblem });
    return NEVER;
  }),
);
