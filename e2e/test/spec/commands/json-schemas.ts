import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

const folder = new URL('../../../../docs/reference/json/', import.meta.url);

/** The schemas of `.candle.json` and of errors, which belong to no command. */
const withoutCommand = ['config', 'error'];

interface PublishedSchema {
  readonly title: string;
}

function published(): readonly { readonly name: string; readonly schema: PublishedSchema }[] {
  return readdirSync(folder).map((file) => ({
    name: basename(file, '.json'),
    schema: JSON.parse(readFileSync(new URL(file, folder), 'utf8')),
  }));
}

/** The ids of the commands in the title of a schema: `candle list --json, candle ps --json`. */
function commandsOf({ title }: PublishedSchema): readonly string[] {
  return [...title.matchAll(/candle ([a-z -]*?)(?: -f)? --json/g)].map(([, words = '']) => words.replaceAll(' ', ':'));
}

/** Ids of all commands that have a published schema, sorted. */
export function commandsWithSchema(): readonly string[] {
  const listed = published().filter(({ name }) => !withoutCommand.includes(name));
  return [...new Set(listed.flatMap(({ schema }) => commandsOf(schema)))].sort();
}

const ajv = new Ajv2020({ allErrors: true });
const compiled = new Map<string, ValidateFunction>();

/** Checks an answer against the published schema of its command (`error` for failures), and allows no other fields. */
export function schemaProblems(command: string, answer: unknown): readonly string[] {
  const validate = compiled.get(command) ?? ajv.compile(closed(schemaOf(command)));
  compiled.set(command, validate);
  validate(answer);
  return (validate.errors ?? []).map(({ instancePath, message, params }) =>
    [instancePath, message, JSON.stringify(params)].join(' '),
  );
}

function schemaOf(command: string): PublishedSchema {
  const found = published().find(({ name, schema }) =>
    command === 'error' || command === 'entry'
      ? name === command
      : name !== 'entry' && commandsOf(schema).includes(command),
  );
  if (found === undefined) throw new Error(`There is no schema for ${command}`);
  return found.schema;
}

/** A published schema allows fields that later versions add; here, each printed field must be in the schema. */
function closed<T>(schema: T): T {
  return JSON.parse(
    JSON.stringify(schema, (_key, value) =>
      typeof value === 'object' && value !== null && value.type === 'object' && value.additionalProperties === undefined
        ? { ...value, additionalProperties: false }
        : value,
    ),
  );
}
