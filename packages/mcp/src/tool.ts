import { effects, type UseCaseName, useCaseEffects } from '@candle/core';
import type { ToolAnnotations } from '@modelcontextprotocol/server';
import type { z } from 'zod';
import type { ToolContext } from './call/tool-context.ts';

type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;

/** A use case as an MCP tool. */
export interface Tool<Input extends z.ZodObject = z.ZodObject, Output extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  /** The tool's annotations are derived from the effect of this use case. */
  readonly useCase: UseCaseName;
  readonly title: string;
  /** For agents: when to use the tool, and how it affects existing services and reservations. */
  readonly description: string;
  /** Strict: otherwise a misspelt field would count as omitted, which often means "all". */
  readonly input: Input;
  /** Schema of the object that the command of the same use case prints with `--json`. */
  readonly output: Output;
  run(context: ToolContext, input: z.output<Input>): Promise<DeepReadonly<z.output<Output>>>;
}

/** Returns the tool unchanged; infers the types of its input and output. */
export function defineTool<Input extends z.ZodObject, Output extends z.ZodObject>(
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
