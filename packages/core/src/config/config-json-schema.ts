import { toJsonSchema } from '@valibot/to-json-schema';
import * as v from 'valibot';
import { WrittenConfigSchema, WrittenServiceSchema } from './config-schema.ts';
import { PortEntrySchema, PortSchema } from './port-fields.ts';

type JsonSchema = ReturnType<typeof toJsonSchema>;

type TopLevelField = '$schema' | 'services' | 'setup' | 'ports' | 'excludePorts';

/** One value of each type that a field can have. A schema that depends on its input is evaluated with all of them. */
const samples = [false, '', {}];

/** The checks that JSON Schema can express. */
const expressible = new Set(['integer', 'min_value', 'max_value']);

/**
 * The JSON Schema of `.candle.json`, for editors. It is generated from the schema that validates the file, which can be
 * stricter than JSON Schema can express, but never more lenient. It covers both forms of `services`.
 */
export function configJsonSchema(): Readonly<Record<string, unknown>> {
  const whole = convert(WrittenConfigSchema);
  const { $schema, services, setup, ports, excludePorts } = whole.properties as Record<TopLevelField, JsonSchema>;
  const service = withFurtherPorts(convert(WrittenServiceSchema));
  const { name: _, ...named } = service.properties as Record<string, JsonSchema>;
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: '.candle.json',
    description: 'The Candle services of a project. Comments and trailing commas are allowed.',
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
      ports: { ...ports, additionalProperties: convert(PortEntrySchema) },
      setup,
      excludePorts,
    },
    definitions: {
      service,
      namedService: { ...service, properties: named, required: ['shell'] },
    },
    allowTrailingCommas: true,
  };
}

/** Valibot does not describe objects whose keys the user chooses. */
function withFurtherPorts(service: JsonSchema): JsonSchema {
  const { properties } = service as { properties: Record<string, JsonSchema> };
  const ports = { ...properties.ports, additionalProperties: convert(PortSchema) };
  return { ...service, properties: { ...properties, ports } };
}

function convert(schema: v.GenericSchema): JsonSchema {
  const { $schema: _, ...converted } = toJsonSchema(expressiblePart(schema), {
    // A rule in code has no JSON Schema form; its metadata describes it as far as possible.
    overrideSchema: ({ valibotSchema, jsonSchema }) => (valibotSchema.type === 'custom' ? jsonSchema : undefined),
  });
  return converted;
}

/** The schema without the parts that JSON Schema cannot express: transformations and rules in code. */
function expressiblePart(schema: v.GenericSchema): v.GenericSchema {
  const items = flatPipe(schema);
  const metadata = items.filter(
    (item) => item.kind === 'metadata' || (item.kind === 'validation' && expressible.has(item.type)),
  );
  const first = items[0] ?? schema;
  // Valibot's objects accept arrays, so a rule in code comes before them.
  const object = first.type === 'custom' ? items.find(({ type }) => type === 'loose_object') : undefined;
  const inner = rebuild((object ?? first) as KnownPart);
  return v.pipe(inner, ...(metadata as v.PipeItem<unknown, unknown, never>[])) as unknown as v.GenericSchema;
}

type Part = { readonly kind: string; readonly type: string };

function flatPipe(schema: Part): readonly Part[] {
  if (!('pipe' in schema)) return [schema];
  const [first, ...rest] = schema.pipe as readonly Part[];
  const items = first === undefined ? [] : first === schema ? [first] : flatPipe(first);
  return [...items, ...rest];
}

type KnownPart =
  | (Part & { type: 'loose_object'; entries: Readonly<Record<string, v.GenericSchema>> })
  | (Part & { type: 'array'; item: v.GenericSchema })
  | (Part & { type: 'union'; options: readonly v.GenericSchema[] })
  | (Part & { type: 'exact_optional'; wrapped: v.GenericSchema })
  | (Part & { type: 'lazy'; getter: (input: unknown) => v.GenericSchema });

function rebuild(schema: KnownPart): v.GenericSchema {
  switch (schema.type) {
    case 'loose_object': {
      const entries = Object.entries(schema.entries).map(([key, field]) => [key, expressiblePart(field)]);
      return v.looseObject(Object.fromEntries(entries));
    }
    case 'array':
      return v.array(expressiblePart(schema.item));
    case 'union':
      return v.union(schema.options.map(expressiblePart));
    case 'exact_optional':
      return v.exactOptional(expressiblePart(schema.wrapped));
    case 'lazy':
      return v.union(distinct(samples.map((sample) => expressiblePart(schema.getter(sample)))));
    default:
      return schema;
  }
}

/** Removes schemas with the same JSON Schema. */
function distinct(schemas: readonly v.GenericSchema[]): v.GenericSchema[] {
  return [...new Map(schemas.map((schema) => [JSON.stringify(convert(schema)), schema])).values()];
}
