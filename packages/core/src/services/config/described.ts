import * as v from 'valibot';

/** What an editor is told of a field, beside what can be told from its schema: keys of JSON Schema. */
export interface FieldNotes {
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  /** Where the schema is a rule in code, the form that it asks for at least. */
  readonly type?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly additionalProperties?: object;
}

/** The schema, and what `candle config-schema` says of the field: one sentence or two. */
export function described<Schema extends v.GenericSchema>(schema: Schema, description: string, notes: FieldNotes = {}) {
  return v.pipe(schema, v.metadata({ description, ...notes }));
}
