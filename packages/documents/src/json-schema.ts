import { toJsonSchema, toJsonSchemaDefs } from '@valibot/to-json-schema';
import type { GenericSchema } from 'valibot';

export interface JsonSchemaOptions {
  /** Of a value before or after defaults are filled in. Default: `output`. */
  readonly typeMode?: 'input' | 'output';
  /** Whether unknown fields are rejected even if the schema ignores them. Default: false. */
  readonly isClosed?: boolean;
}

/** The JSON Schema of a document or an input. Omits rules in code (`v.check`), which JSON Schema cannot express. */
export function jsonSchema(schema: GenericSchema, { typeMode = 'output', isClosed = false }: JsonSchemaOptions = {}) {
  return toJsonSchema(schema, {
    target: 'draft-2020-12',
    typeMode,
    ignoreActions: ['check'],
    overrideSchema: ({ valibotSchema, jsonSchema }) =>
      isClosed && valibotSchema.type === 'object' ? { ...jsonSchema, additionalProperties: false } : undefined,
  });
}

/** The JSON Schemas of several documents, by name. A document that contains another one refers to it by its name. */
export function jsonSchemas<Name extends string>(
  schemas: Readonly<Record<Name, GenericSchema>>,
): Readonly<Record<Name, object>> {
  return toJsonSchemaDefs(schemas, { target: 'draft-2020-12' });
}
