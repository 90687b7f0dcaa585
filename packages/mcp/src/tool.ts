import { effects, type UseCaseName, useCases } from '@candle/core';
import type { ToolAnnotations } from '@modelcontextprotocol/server';
import type { z } from 'zod';
import type { ToolContext } from './call/tool-context.ts';

type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;

/** One use case as agents see it. */
export interface Tool<Input extends z.ZodObject = z.ZodObject, Output extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  /** Says what the tool does to what is there: the table of use cases is what its annotations are made from. */
  readonly useCase: UseCaseName;
  readonly title: string;
  /** For an agent: when to use it, and what it does to what is there already. */
  readonly description: string;
  /** Strict: a misspelt field would otherwise mean "left out", and then "all". */
  readonly input: Input;
  /** Of the object that the command of the same use case prints with `--json`. */
  readonly output: Output;
  run(context: ToolContext, input: z.output<Input>): Promise<DeepReadonly<z.output<Output>>>;
}

/** The tool itself; fixes the types of its input and output. */
export function defineTool<Input extends z.ZodObject, Output extends z.ZodObject>(
  tool: Tool<Input, Output>,
): Tool<Input, Output> {
  return tool;
}

/** What a client may rely on. No tool of Candle speaks with anything beyond this machine. */
export function toolAnnotations({ useCase }: Pick<Tool, 'useCase'>): ToolAnnotations {
  const { changes, isDestructive, isIdempotent } = effects[useCases[useCase].effect];
  return {
    readOnlyHint: !changes,
    destructiveHint: isDestructive,
    idempotentHint: isIdempotent,
    openWorldHint: false,
  };
}
