import { defaultWaitMs } from '@candle/core/config';
import { effects, type UseCaseName, useCaseEffects } from '@candle/core/use-cases';
import { type Document, described } from '@candle/documents';
import { jsonSchema } from '@candle/documents/json-schema';
import type { ToolAnnotations } from '@modelcontextprotocol/server';
import * as v from 'valibot';
import type { ToolContext } from './call/tool-context.ts';

/** Schema of an object. */
type ObjectSchema = v.GenericSchema<object, object> & { readonly entries: v.ObjectEntries };

/** A use case as an MCP tool. */
export interface Tool<Input extends ObjectSchema = ObjectSchema, Output extends ObjectSchema = ObjectSchema> {
  readonly name: string;
  /** The tool's annotations are derived from the effect of this use case. */
  readonly useCase: UseCaseName;
  readonly title: string;
  /** For agents: when to use the tool, and how it affects existing services and reservations. */
  readonly description: string;
  readonly input: Input;
  /** Schema of the object that the command of the same use case prints with `--json`. */
  readonly output: Output;
  run(context: ToolContext, input: v.InferOutput<Input>): Promise<Document<Output>>;
}

/** Returns the tool unchanged; infers the types of its input and output. */
export function defineTool<Input extends ObjectSchema, Output extends ObjectSchema>(
  tool: Tool<Input, Output>,
): Tool<Input, Output> {
  return tool;
}

/** Annotations for clients. No tool talks to anything outside this machine. */
export function toolAnnotations({ useCase }: Pick<Tool, 'useCase'>): ToolAnnotations {
  const { changes, isDestructive, isIdempotent } = effects[useCaseEffects[useCase]];
  return {
    readOnlyHint: !changes,
    destructiveHint: isDestructive,
    idempotentHint: isIdempotent,
    openWorldHint: false,
  };
}

/** The JSON Schema of an input or a result that clients see. */
export function clientSchema(schema: v.GenericSchema) {
  return jsonSchema(schema, { isClosed: true });
}

// Clients see the limits of names and ports, but the use cases check them, so that errors read the same everywhere.

export function serviceName(description: string) {
  return v.pipe(v.string(), v.metadata({ description, minLength: 1, maxLength: 100 }));
}

/** A port number in a call. */
export function portNumber(description: string) {
  return v.pipe(v.number(), v.metadata({ description, type: 'integer', minimum: 1, maximum: 65535 }));
}

/** The port of a service, as in `.candle.json`. */
export function configuredPort(description: string) {
  const number = v.pipe(v.number(), v.metadata({ type: 'integer', minimum: 1024, maximum: 65535 }));
  return described(v.union([v.literal('auto'), number], 'port must be "auto" or a number'), description);
}

export function serviceNames(description: string) {
  return v.optional(
    described(v.array(serviceName('Name of a service.'), 'names must be a list of names'), description),
  );
}

export const serviceShell = described(v.string(), 'Command line that starts the service. Its port is in PORT.');
export const serviceRoot = described(
  v.string(),
  'Directory to start the service in, relative to the project and inside it.',
);

const maxPathLength = 4_096;

export const projectDir = v.optional(
  described(
    v.pipe(
      v.string(),
      v.minLength(1, 'projectDir must not be empty'),
      // Each directory of a path is looked at, and no system accepts longer paths.
      v.maxLength(maxPathLength, `projectDir must be at most ${maxPathLength} characters`),
    ),
    "Project directory, or a directory below it: absolute, or relative to the server's working directory. If omitted: the server's own project or, if it has none, the project that the client works in (its roots).",
  ),
);

/** Input fields of a tool that lists things of one project or of all projects. */
export function listFields(what: string) {
  const showAll = v.optional(described(v.boolean(), `Show ${what} of all projects, not only of one project.`));
  return { showAll, projectDir };
}

interface ListInput {
  readonly showAll?: boolean | undefined;
  readonly projectDir?: string | undefined;
  readonly serviceName?: string | undefined;
}

/** Rejects showAll together with a narrower field. */
export function refuseBoth<Input extends ListInput>(narrower: 'projectDir' | 'serviceName') {
  return v.check(
    (input: Input) => !input.showAll || input[narrower] === undefined,
    `showAll covers all projects, so it cannot be combined with ${narrower}`,
  );
}

/** Input of a tool that lists things of one project or of all projects. */
export function listInput(what: string) {
  return v.pipe(v.object(listFields(what)), refuseBoth('projectDir'));
}

/** A day: longer than any client waits for a result. */
const maxSeconds = 86_400;
const defaultTimeout = defaultWaitMs / 1000;

function seconds(field: string, description: string) {
  return v.pipe(
    v.number(),
    v.minValue(0, `${field} must not be negative`),
    v.maxValue(maxSeconds, `${field} must be at most ${maxSeconds} (one day)`),
    v.description(description),
  );
}

/** Timeout of a tool that only waits. */
export const timeout = v.optional(
  seconds(
    'timeout',
    `Maximum number of seconds to wait (default ${defaultTimeout}). Some clients give up on a call after a minute: in that case, call again.`,
  ),
  defaultTimeout,
);

/** How long each service may take to become ready. */
export const readyTimeout = v.optional(
  seconds(
    'timeout',
    'Seconds that each service may take to become ready. If omitted: the timeout of its readiness check, which is 30 s by default.',
  ),
);

/** How long a tool that starts services waits until they are ready. */
export const wait = v.optional(
  seconds(
    'wait',
    'Seconds to wait until the service is ready. If it is not ready by then, the call fails, but the service keeps running. If omitted, the call waits a few seconds, and ready in the result shows whether the service is ready.',
  ),
);
