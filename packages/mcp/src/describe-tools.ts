import { type Effect, effects, type UseCase, useCases } from '@candle/core';
import { clientSchema } from './tool.ts';
import { tools } from './tools.ts';

/** A tool as the documentation describes it, from the same declarations that clients receive. */
export interface ToolDescription {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly effect: Effect;
  readonly useCase: UseCase;
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
    effect: effects[useCases[useCase].effect],
    input: clientSchema(input),
    output: clientSchema(output),
  }));
}
