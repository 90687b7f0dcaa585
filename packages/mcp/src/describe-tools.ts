import { type Effect, effects, type UseCaseName, useCaseEffects } from '@candle/core';
import { clientSchema } from './tool.ts';
import { tools } from './tools.ts';
import { useCaseErrors } from './use-case-errors.ts';

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
    errors: useCaseErrors[useCase],
    effect: effects[useCaseEffects[useCase]],
    input: clientSchema(input),
    output: clientSchema(output),
  }));
}
