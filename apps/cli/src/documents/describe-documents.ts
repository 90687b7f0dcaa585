import { type UseCase, useCases } from '@candle/core';
import { describeTools, logEntry } from '@candle/mcp';
import { z } from 'zod';
import { errorDocumentSchema, ownDocuments } from './own-documents.ts';

/** What `--json` prints: one object, or one object a line. */
export interface DocumentDescription {
  /** Of the file of its schema. */
  readonly name: string;
  /** Ids of the commands that print it. */
  readonly commands: readonly string[];
  readonly title: string;
  /** A JSON Schema. Later versions may add fields, so it forbids none. */
  readonly schema: object;
}

/** They go on until they are interrupted: each line is an object. */
const following = {
  name: 'entry',
  commands: ['watch'],
  title: 'A line of candle watch --json and candle logs -f --json',
};

/**
 * The form of all that `--json` prints. What an MCP tool answers with too has its schema there, for it is the same
 * document. Loaded for the documentation and by tests, and by no command.
 */
export function describeDocuments(): readonly DocumentDescription[] {
  const tools = describeTools();
  const ofUseCases = Object.entries<UseCase>(useCases).flatMap(([name, { commands }]) => {
    const output = tools.find(({ useCase }) => useCase === useCases[name as keyof typeof useCases])?.output;
    return output && !('leftOut' in commands) ? [describe(name, commands, output)] : [];
  });
  const own = Object.entries(ownDocuments).map(([id, schema]) =>
    describe(id.replaceAll(':', '-'), [id], z.toJSONSchema(schema)),
  );
  const entry = z.toJSONSchema(z.intersection(logEntry, z.object({ service: z.string() })));
  return [
    ...[...ofUseCases, ...own].toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    { ...following, schema: open(entry) },
    {
      name: 'error',
      commands: [],
      title: 'What every command prints when it fails',
      schema: open(z.toJSONSchema(errorDocumentSchema)),
    },
  ];
}

function describe(name: string, commands: readonly string[], schema: object): DocumentDescription {
  const title = commands.map((id) => `candle ${id.replaceAll(':', ' ')} --json`).join(', ');
  return { name, commands, title, schema: open(schema) };
}

/** A schema that lets through what a later version adds, without the bounds that every number of JSON has. */
function open(schema: object): object {
  const idle: Readonly<Record<string, unknown>> = {
    additionalProperties: false,
    minimum: Number.MIN_SAFE_INTEGER,
    maximum: Number.MAX_SAFE_INTEGER,
  };
  return JSON.parse(JSON.stringify(schema, (key, value) => (key in idle && idle[key] === value ? undefined : value)));
}
