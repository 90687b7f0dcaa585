import * as v from 'valibot';
import { parseDurationMs } from './duration.ts';

/** JSON Schema keys for editors, in addition to those that follow from the schema of a field. */
export interface FieldNotes {
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  /** The type of the field, if its schema is a rule in code. */
  readonly type?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly additionalProperties?: object;
}

/** Adds the description of the field in `candle config-schema`, one or two sentences, to the schema. */
export function described<Schema extends v.GenericSchema>(schema: Schema, description: string, notes: FieldNotes = {}) {
  return v.pipe(schema, v.metadata({ description, ...notes }));
}

/** A string that satisfies a domain rule; `findProblem` returns "must …" for an invalid string. */
export function ruledString(typeProblem: string, findProblem: (text: string) => string | undefined) {
  return v.pipe(
    v.string(typeProblem),
    v.rawCheck(({ dataset, addIssue }) => {
      const problem = dataset.typed ? findProblem(dataset.value) : undefined;
      if (problem !== undefined) addIssue({ message: problem });
    }),
  );
}

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
