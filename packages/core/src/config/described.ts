import * as v from 'valibot';

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
