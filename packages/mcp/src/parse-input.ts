import { quote } from '@candle/core';
import type { z } from 'zod';
import { InvalidToolInputError } from './errors.ts';
import type { Tool } from './tool.ts';

const kinds: Readonly<Record<string, string>> = { string: 'a string', number: 'a number', boolean: 'true or false' };

/**
 * Parses the input of a call according to the tool's schema.
 * @throws InvalidToolInputError
 */
export function parseInput<Input extends z.ZodObject>(tool: Tool<Input>, input: unknown): z.output<Input> {
  const parsed = tool.input.safeParse(input ?? {}, { reportInput: true });
  if (parsed.success) return parsed.data;
  throw new InvalidToolInputError(tool.name, parsed.error.issues.map(problemOf), Object.keys(tool.input.shape));
}

function problemOf(issue: z.core.$ZodIssue): string {
  const field = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') return `unknown field ${issue.keys.map(quote).join(', ')}`;
  if (issue.code !== 'invalid_type') return issue.message;
  return issue.input === undefined
    ? `${field} is missing`
    : `${field} must be ${kinds[issue.expected] ?? issue.expected}`;
}
