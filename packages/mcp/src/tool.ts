import type { ToolAnnotations } from '@modelcontextprotocol/server';
import type { z } from 'zod';
import type { ToolContext } from './host.ts';

type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;

/** One use case as agents see it. */
export interface Tool<Input extends z.ZodObject = z.ZodObject, Output extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  readonly title: string;
  /** For an agent: when to use it, and what it does to what is there already. */
  readonly description: string;
  readonly annotations: ToolAnnotations;
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

/** Annotations of a tool that changes nothing. No tool of Candle speaks with anything beyond this machine. */
export const readsOnly: ToolAnnotations = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
};

/**
 * Annotations of a tool that changes something. `destructive`: it may end or give back what was there before.
 * `idempotent`: a second call with the same input changes nothing more.
 */
export function changes({ destructive, idempotent }: { destructive: boolean; idempotent: boolean }): ToolAnnotations {
  return { readOnlyHint: false, destructiveHint: destructive, idempotentHint: idempotent, openWorldHint: false };
}
