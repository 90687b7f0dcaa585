import { type Effect, effects, type UseCaseName, useCases } from '@candle/core';
import { z } from 'zod';
import { tools } from './tools.ts';

/** A tool as the documentation describes it, from the same declarations that clients receive. */
export interface ToolDescription {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly effect: Effect;
  readonly useCase: UseCaseName;
  /** Codes of its specific errors. */
  readonly errors: readonly string[];
  /** JSON Schemas. */
  readonly input: object;
  readonly output: object;
}

export function describeTools(): readonly ToolDescription[] {
  return tools.map(({ name, title, description, useCase, input, output }) => ({
    name,
    title,
    description,
    useCase,
    errors: useCases[useCase].errors,
    effect: effects[useCases[useCase].effect],
    input: z.toJSONSchema(input, { io: 'input' }),
    output: z.toJSONSchema(output),
  }));
}
