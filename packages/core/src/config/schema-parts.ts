import * as v from 'valibot';
import { parseDurationMs } from './duration.ts';
import { nearestName } from './nearest-name.ts';
import { isRecord } from './syntax-tree.ts';

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

/** A string that satisfies a domain rule; `findProblem` returns "must …" for an invalid string. */
export function ruledString(typeProblem: string, findProblem: (text: string) => string | undefined) {
  return v.pipe(
    v.string(typeProblem),
    v.rawCheck(({ dataset, addIssue }) => {
      const problem = dataset.typed ? findProblem(dataset.value) : undefined;
      if (problem !== undefined) addIssue({ message: problem });
    }),
  );
}

/** Valibot's own object schemas accept arrays. */
export function plainObject(problem: string) {
  return v.custom<Record<string, unknown>>(isRecord, problem);
}

/** One member of an object whose keys the user chooses. */
export interface Member<Value> {
  readonly key: string;
  readonly value: Value;
}

/**
 * An object whose keys the user chooses; `findKeyProblem` returns "must …" for an invalid key. Not a valibot record, because
 * records silently drop keys like `constructor`.
 */
export function membersOf<Value>(
  problem: string,
  findKeyProblem: (key: string) => string | undefined,
  valueSchema: v.GenericSchema<unknown, Value>,
) {
  return v.pipe(
    plainObject(problem),
    v.rawTransform(({ dataset, addIssue }): readonly Member<Value>[] => {
      const input = dataset.value;
      return Object.entries(input).flatMap(([key, value]) => {
        const path = { type: 'object', origin: 'value', input, key, value } as const;
        const keyProblem = findKeyProblem(key);
        if (keyProblem !== undefined) addIssue({ message: keyProblem, path: [path] });
        const parsed = v.safeParse(valueSchema, value);
        if (parsed.success) return [{ key, value: parsed.output }];
        for (const { message, path: inner = [] } of parsed.issues) addIssue({ message, path: [path, ...inner] });
        return [];
      });
    }),
  );
}

const durationProblem = "must be a duration from 0 to 24 days: a number of seconds, or '500ms', '10s', '5m', '2h'";

/** A duration as written; the output is in milliseconds. */
export const DurationSchema = v.pipe(
  described(v.union([v.number(), v.string()], durationProblem), "A number of seconds, or '500ms', '10s', '5m', '2h'."),
  v.rawTransform(({ dataset, addIssue, NEVER }): number => {
    const milliseconds = parseDurationMs(dataset.value);
    if (milliseconds !== undefined) return milliseconds;
    addIssue({ message: durationProblem });
    return NEVER;
  }),
);

/**
 * An object within a service. Rejects a field that is probably a misspelling of a known one; other unknown fields are allowed,
 * because a newer version may know them.
 * @param problem the problem with a value of another type, as "must …"
 */
export function objectOf<Entries extends v.ObjectEntries>(problem: string, entries: Entries) {
  return v.pipe(
    v.custom<Record<string, unknown>>(isRecord, problem),
    v.rawCheck(({ dataset, addIssue }) => {
      if (!dataset.typed) return;
      const input = dataset.value;
      const unused = Object.keys(entries).filter((field) => !Object.hasOwn(input, field));
      for (const [key, value] of Object.entries(input)) {
        const meant = Object.hasOwn(entries, key) ? undefined : nearestName(key, unused);
        if (meant === undefined) continue;
        const path = [{ type: 'object', origin: 'key', input, key, value }] as const;
        addIssue({ message: `is not a known field; did you mean '${meant}'?`, path: [...path] });
      }
    }),
    v.looseObject(entries),
  );
}

function findPathProblem(path: string): string | undefined {
  return path.trim() === '' || path.includes('\0') ? 'must be a non-empty path' : undefined;
}

function findVariableProblem(name: string, value: unknown): string | undefined {
  if (name === '' || /[=\0]/.test(name)) return "must have a non-empty name without '=' or null characters";
  if (!['string', 'number', 'boolean'].includes(typeof value)) return 'must be a string';
  return String(value).includes('\0') ? 'must not contain null characters' : undefined;
}

/** Not a valibot record, because records silently drop keys like `constructor`. */
export const EnvSchema = v.pipe(
  v.custom<Readonly<Record<string, string | number | boolean>>>(
    isRecord,
    'must be an object of variables and their values',
  ),
  v.rawTransform(({ dataset, addIssue }): Record<string, string> => {
    const input = dataset.value;
    for (const [key, value] of Object.entries(input)) {
      const problem = findVariableProblem(key, value);
      if (problem === undefined) continue;
      addIssue({ message: problem, path: [{ type: 'object', origin: 'value', input, key, value }] });
    }
    return Object.fromEntries(Object.entries(input).map(([key, value]) => [key, String(value)]));
  }),
);

export const EnvFileSchema = v.union(
  [
    ruledString('must be a path or a list of paths', findPathProblem),
    v.array(ruledString('must be a path', findPathProblem)),
  ],
  'must be a non-empty path or a list of paths',
);

/** What is wrong with a value that is none of these: a message for the schema, with the value that was probably meant. */
export function oneOf(values: readonly string[]): (issue: { readonly input: unknown }) => string {
  return ({ input }) => {
    const meant = typeof input === 'string' ? nearestName(input, values) : undefined;
    return `must be one of ${values.join(', ')}${meant === undefined ? '' : `; did you mean '${meant}'?`}`;
  };
}
