import { quote } from '@candle/core';
import * as v from 'valibot';
import { InvalidToolInputError } from './errors.ts';
import type { Tool } from './tool.ts';

const kinds: Readonly<Record<string, string>> = { string: 'a string', number: 'a number', boolean: 'true or false' };

/**
 * Parses the input of a call according to the tool's schema. Also rejects unknown fields: otherwise a misspelt field would
 * count as omitted, which often means "all".
 * @throws InvalidToolInputError
 */
export function parseInput<Input extends Tool['input']>(tool: Tool<Input>, input: unknown): v.InferOutput<Input> {
  // A call without arguments has no input.
  const given: object = Object(input ?? {});
  const fields = Object.keys(tool.input.entries);
  const unknown = Object.keys(given).filter((name) => !fields.includes(name));
  const { success, output, issues = [] } = v.safeParse(tool.input, given);
  if (success && unknown.length === 0) return output;
  // Only rules about several fields have no path.
  const rules = issues.filter(({ path }) => path === undefined);
  const problems = [
    ...issues.filter((issue) => !rules.includes(issue)).map(problemOf),
    ...(unknown.length === 0 ? [] : [`unknown field ${unknown.map(quote).join(', ')}`]),
    ...rules.map(({ message }) => message),
  ];
  throw new InvalidToolInputError(tool.name, problems, fields);
}

function problemOf(issue: v.BaseIssue<unknown>): string {
  const field = v.getDotPath(issue) ?? '';
  if (issue.input === undefined) return `${field} is missing`;
  const kind = kinds[issue.type];
  return kind === undefined ? issue.message : `${field} must be ${kind}`;
}
