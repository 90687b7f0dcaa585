import { quote } from '@candle/core';
import * as v from 'valibot';
import { InvalidToolInputError } from './errors.ts';
import type { Tool } from './tool.ts';

const kinds: Readonly<Record<string, string>> = { string: 'a string', number: 'a number', boolean: 'true or false' };

/**
 * Parses the input of a call according to the tool's schema.
 * @throws InvalidToolInputError
 */
export function parseInput<Input extends Tool['input']>(tool: Tool<Input>, input: unknown): v.InferOutput<Input> {
  const parsed = v.safeParse(tool.input, input ?? {}, { abortPipeEarly: true });
  if (parsed.success) return parsed.output;
  const fields = Object.keys(tool.input.entries);
  throw new InvalidToolInputError(
    tool.name,
    parsed.issues.map((issue) => problemOf(issue, fields)),
    fields,
  );
}

function problemOf(issue: v.BaseIssue<unknown>, fields: readonly string[]): string {
  const { type, message, path: [item] = [] } = issue;
  const field = v.getDotPath(issue) ?? '';
  // The issue names only the first unknown field.
  if (item?.origin === 'key' && item.type === 'object' && issue.expected === 'never') {
    const unknown = Object.keys(item.input).filter((name) => !fields.includes(name));
    return `unknown field ${unknown.map(quote).join(', ')}`;
  }
  if (item?.origin === 'key') return `${field} is missing`;
  return type in kinds ? `${field} must be ${kinds[type]}` : message;
}
