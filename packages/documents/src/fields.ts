import * as v from 'valibot';

/** The type of a document. Its fields and lists are read-only, because a document is only printed. */
export type Document<Schema extends v.GenericSchema> = DeepReadonly<v.InferOutput<Schema>>;

type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;

/**
 * Adds a description to a field. The JSON Schemas, the MCP tools and the types for plugins all show it, so it mentions
 * both the MCP tool and the command where a reader needs one.
 */
export function described<Schema extends v.GenericSchema>(schema: Schema, description: string) {
  return v.pipe(schema, v.description(description));
}

export const integer = v.pipe(v.number(), v.integer());
export const port = v.pipe(integer, v.minValue(1), v.maxValue(65535));
export const isoTime = described(v.string(), 'ISO 8601, UTC.');
export const projectDir = described(v.string(), 'Real path of the project.');

/** The service that a port is reserved for. */
export const reservedFor = described(
  v.nullable(v.string()),
  'The service; web.HMR_PORT for a further port of one; the name of the entry in ports for another program. Null for a port that is reserved for the project itself.',
);

/** Fields that identify a service. */
export const serviceKey = { name: v.string(), projectDir };

/** Fields that describe the directory of a project. */
export const projectContext = {
  projectDir,
  branch: described(
    v.nullable(v.string()),
    'Checked-out branch, or a short commit hash; null outside a Git repository.',
  ),
  directoryGone: described(v.boolean(), 'True if the directory was deleted.'),
};

/** An error, in the document of a command that failed or of a service that did. */
export const describedError = v.object({
  code: described(v.string(), 'Never changes. For all codes, see docs/reference/errors.md.'),
  message: described(v.string(), 'One sentence.'),
  hint: described(v.nullable(v.string()), 'What to do about the error.'),
  details: described(v.record(v.string(), v.unknown()), 'The values in the message.'),
});
