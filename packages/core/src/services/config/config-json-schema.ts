import { toJsonSchema } from '@valibot/to-json-schema';
import * as v from 'valibot';
import { WrittenConfigSchema, WrittenServiceSchema } from './config-schema.ts';

type JsonSchema = ReturnType<typeof toJsonSchema>;

type TopLevelField = '$schema' | 'services' | 'excludePorts';

/** One of each kind of value that a field may have: a schema that is chosen by its input is asked with all of them. */
const samples = [false, '', {}];

/** Checks that JSON Schema has a word for. */
const tellable = new Set(['integer', 'min_value', 'max_value']);

/**
 * The JSON Schema of `.candle.json`, for editors: made from the schema that validates it, which may ask for more than JSON
 * Schema can say, and never for less. In both forms that `services` may have.
 */
export function configJsonSchema(): Readonly<Record<string, unknown>> {
  const whole = convert(WrittenConfigSchema);
  const { $schema, services, excludePorts } = whole.properties as Record<TopLevelField, JsonSchema>;
  const service = convert(WrittenServiceSchema);
  const { name: _, ...named } = service.properties as Record<string, JsonSchema>;
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: '.candle.json',
    description: 'The services of a project, for candle. Comments and trailing commas are allowed.',
    type: 'object',
    properties: {
      $schema: $schema,
      services: {
        description: services.description ?? '',
        anyOf: [
          { type: 'array', items: { $ref: '#/definitions/service' } },
          { type: 'object', additionalProperties: { $ref: '#/definitions/namedService' } },
        ],
      },
      excludePorts,
    },
    definitions: {
      service,
      namedService: { ...service, properties: named, required: ['shell'] },
    },
    allowTrailingCommas: true,
  };
}

function convert(schema: v.GenericSchema): JsonSchema {
  const { $schema: _, ...converted } = toJsonSchema(tellablePart(schema), {
    // A rule in code has no form to tell; its notes tell as much as can be told.
    overrideSchema: ({ valibotSchema, jsonSchema }) => (valibotSchema.type === 'custom' ? jsonSchema : undefined),
  });
  return converted;
}

/** The same schema without what JSON Schema has no words for: what comes of a value, and rules in code. */
function tellablePart(schema: v.GenericSchema): v.GenericSchema {
  const items = flatPipe(schema);
  const notes = items.filter(
    (item) => item.kind === 'metadata' || (item.kind === 'validation' && tellable.has(item.type)),
  );
  const first = items[0] ?? schema;
  // Valibot's objects accept lists, so a rule in code stands before them.
  const object = first.type === 'custom' ? items.find(({ type }) => type === 'loose_object') : undefined;
  const inner = rebuilt((object ?? first) as Known);
  return v.pipe(inner, ...(notes as v.PipeItem<unknown, unknown, never>[])) as unknown as v.GenericSchema;
}

type Part = { readonly kind: string; readonly type: string };

function flatPipe(schema: Part): readonly Part[] {
  if (!('pipe' in schema)) return [schema];
  const [first, ...rest] = schema.pipe as readonly Part[];
  const items = first === undefined ? [] : first === schema ? [first] : flatPipe(first);
  return [...items, ...rest];
}

type Known =
  | (Part & { type: 'loose_object'; entries: Readonly<Record<string, v.GenericSchema>> })
  | (Part & { type: 'array'; item: v.GenericSchema })
  | (Part & { type: 'union'; options: readonly v.GenericSchema[] })
  | (Part & { type: 'exact_optional'; wrapped: v.GenericSchema })
  | (Part & { type: 'lazy'; getter: (input: unknown) => v.GenericSchema });

function rebuilt(schema: Known): v.GenericSchema {
  switch (schema.type) {
    case 'loose_object': {
      const entries = Object.entries(schema.entries).map(([key, field]) => [key, tellablePart(field)]);
      return v.looseObject(Object.fromEntries(entries));
    }
    case 'array':
      return v.array(tellablePart(schema.item));
    case 'union':
      return v.union(schema.options.map(tellablePart));
    case 'exact_optional':
      return v.exactOptional(tellablePart(schema.wrapped));
    case 'lazy':
      return v.union(distinct(samples.map((sample) => tellablePart(schema.getter(sample)))));
    default:
      return schema;
  }
}

/** Those that say the same are one. */
function distinct(schemas: readonly v.GenericSchema[]): v.GenericSchema[] {
  return [...new Map(schemas.map((schema) => [JSON.stringify(convert(schema)), schema])).values()];
}
