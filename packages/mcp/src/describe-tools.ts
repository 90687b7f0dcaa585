import { type Effect, effects, type UseCase, useCases } from '@candle/core';
import { inputJsonSchema, outputJsonSchema } from './tool.ts';
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
  return tools.map((tool) => ({
    name: tool.name,
    title: tool.title,
    description: tool.description,
    useCase: useCases[tool.useCase],
    effect: effects[useCases[tool.useCase].effect],
    input: inputJsonSchema(tool),
    output: outputJsonSchema(tool),
  }));
}
