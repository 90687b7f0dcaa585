import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type UseCase, useCases } from '@candle/core';
import { expect, test } from 'vitest';
import { clientSchema, toolAnnotations } from './tool.ts';
import { tools } from './tools.ts';

test('every file in tools/ defines one registered tool and has its name', () => {
  const kebab = (name: string) => name.replace(/\B[A-Z]/g, '-$&').toLowerCase();
  expect(tools.map(({ name }) => `${kebab(name)}.ts`).toSorted()).toEqual(
    readdirSync(join(import.meta.dirname, 'tools')).toSorted(),
  );
});

test('read-only tools are not destructive, and are idempotent', () => {
  for (const tool of tools) {
    const { readOnlyHint, destructiveHint, idempotentHint } = toolAnnotations(tool);
    if (readOnlyHint) expect([destructiveHint, idempotentHint], tool.name).toEqual([false, true]);
  }
});

test('the table of use cases lists every tool with its use case, and no others', () => {
  const table = Object.entries<UseCase>(useCases).flatMap(([useCase, { tools }]) =>
    'leftOut' in tools ? [] : tools.map((name) => ({ name, useCase })),
  );
  const byName = (list: readonly { name: string }[]) => list.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  expect(byName(tools.map(({ name, useCase }) => ({ name, useCase })))).toEqual(byName(table));
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
