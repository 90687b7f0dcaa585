import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { useCaseEffects } from '@candle/core/use-cases';
import { expect, test } from 'vitest';
import { clientSchema, toolAnnotations } from './tool.ts';
import { tools, useCasesWithoutTool } from './tools.ts';

test('every tool that a file in tools/ defines is registered, once', async () => {
  const files = readdirSync(join(import.meta.dirname, 'tools')).filter((file) => !file.endsWith('.test.ts'));
  const modules = await Promise.all(files.map((file) => import(join(import.meta.dirname, 'tools', file))));
  const defined = modules.flatMap((module) => Object.values<unknown>(module)).filter(isTool);
  expect(new Set(defined)).toEqual(new Set(tools));
  expect(new Set(tools).size).toBe(tools.length);
});

function isTool(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'useCase' in value;
}

test('read-only tools are not destructive, and are idempotent', () => {
  for (const tool of tools) {
    const { readOnlyHint, destructiveHint, idempotentHint } = toolAnnotations(tool);
    if (readOnlyHint) expect([destructiveHint, idempotentHint], tool.name).toEqual([false, true]);
  }
});

test('every use case either has a tool or a reason why it has none', () => {
  const withTool = tools.map(({ useCase }) => useCase);
  const without = Object.entries(useCasesWithoutTool).map(([useCase, reason]) => {
    expect(reason, useCase).toMatch(/\.$/);
    return useCase;
  });
  expect([...new Set(withTool), ...without].toSorted()).toEqual(Object.keys(useCaseEffects).toSorted());
});

test('every input field has a description, and unknown fields are rejected', () => {
  for (const { name, input } of tools) {
    const { properties = {}, additionalProperties } = clientSchema(input);
    expect(additionalProperties, name).toBe(false);
    for (const [field, schema] of Object.entries(properties)) {
      expect(schema, `${name}.${field}`).toMatchObject({ description: expect.stringMatching(/\.$/) });
    }
  }
});
