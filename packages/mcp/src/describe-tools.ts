import { type Effect, effects, type UseCase, useCases } from '@candle/core';
import { clientSchema } from './tool.ts';
import { tools } from './tools.ts';
import { useCaseErrors } from './use-case-errors.ts';

/** A tool as the documentation describes it, from the same declarations that clients receive. */
export interface ToolDescription {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly effect: Effect;
  readonly useCase: UseCase;
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
    useCase: useCases[useCase],
    errors: useCaseErrors[useCase],
    effect: effects[useCases[useCase].effect],
    input: clientSchema(input),
    output: clientSchema(output),
  }));
}
