import { describeTools, logEntry } from '@candle/mcp';
import { z } from 'zod';
import { useCaseCommands } from '../use-case-commands.ts';
import { errorDocumentSchema, ownDocuments } from './own-documents.ts';

/** A document that `--json` prints: one object, or one object per line. */
export interface DocumentDescription {
  /** Name of the schema file, without extension. */
  readonly name: string;
  /** Ids of the commands that print it. */
  readonly commands: readonly string[];
  readonly title: string;
  /** A JSON Schema. It allows unknown fields, because later versions may add some. */
  readonly schema: object;
}

/** These commands run until they are interrupted, and print one object per line. */
const following = {
  name: 'entry',
  commands: ['watch'],
  title: 'A line of candle watch --json and candle logs -f --json',
};

/**
 * The schemas of everything that `--json` prints. If an MCP tool returns the same document, its schema is used. Only the
 * documentation and tests load this, no command does.
 */
export function describeDocuments(): readonly DocumentDescription[] {
  const tools = describeTools();
  const shared = Object.entries(useCaseCommands).flatMap(([name, { commands }]) => {
    const output = tools.find(({ useCase }) => useCase === name)?.output;
    return output ? [describe(name, commands, output)] : [];
  });
  const own = Object.entries(ownDocuments).map(([id, schema]) =>
    describe(id.replaceAll(':', '-'), [id], z.toJSONSchema(schema)),
  );
  const entry = z.toJSONSchema(z.intersection(logEntry, z.object({ service: z.string() })));
  return [
    ...[...shared, ...own].toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    { ...following, schema: open(entry) },
    {
      name: 'error',
      commands: [],
      title: 'Every command that fails, with --json',
      schema: open(z.toJSONSchema(errorDocumentSchema)),
    },
  ];
}

function describe(name: string, commands: readonly string[], schema: object): DocumentDescription {
  const title = commands.map((id) => `candle ${id.replaceAll(':', ' ')} --json`).join(', ');
  return { name, commands, title, schema: open(schema) };
}

/** The schema with unknown fields allowed, and without the bounds that apply to every number in JSON. */
function open(schema: object): object {
  const defaults: Readonly<Record<string, unknown>> = {
    additionalProperties: false,
    minimum: Number.MIN_SAFE_INTEGER,
    maximum: Number.MAX_SAFE_INTEGER,
  };
  return JSON.parse(
    JSON.stringify(schema, (key, value) => (key in defaults && defaults[key] === value ? undefined : value)),
  );
}
