import { toJsonSchema, toJsonSchemaDefs } from '@valibot/to-json-schema';
import type { GenericSchema } from 'valibot';

/**
 * The JSON Schema of a document or an input. Omits rules in code (`v.check`), which JSON Schema cannot express.
 * @param options.isClosed whether to reject unknown fields, which the schema itself ignores
 */
export function jsonSchema(schema: GenericSchema, { isClosed = false } = {}) {
  return toJsonSchema(schema, {
    target: 'draft-2020-12',
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
