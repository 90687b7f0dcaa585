import { effects, type UseCaseName, useCaseEffects } from '@candle/core/use-cases';
import type { Document } from '@candle/documents';
import { jsonSchema } from '@candle/documents/json-schema';
import type { ToolAnnotations } from '@modelcontextprotocol/server';
import type * as v from 'valibot';
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
