import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { tools } from './tools.ts';

test('every file of tools/ is one tool of the table, and carries its name', () => {
  const kebab = (name: string) => name.replace(/\B[A-Z]/g, '-$&').toLowerCase();
  expect(tools.map(({ name }) => `${kebab(name)}.ts`).toSorted()).toEqual(
    readdirSync(join(import.meta.dirname, 'tools')).toSorted(),
  );
});

test('a tool that only reads is neither destructive nor told to be repeated with care', () => {
  for (const { name, annotations } of tools.filter((tool) => tool.annotations.readOnlyHint)) {
    expect([annotations.destructiveHint, annotations.idempotentHint], name).toEqual([false, true]);
  }
});

test('every field of an input is described, and a misspelt one is refused', () => {
  for (const { name, input } of tools) {
    const { properties = {}, additionalProperties } = z.toJSONSchema(input, { io: 'input' });
    expect(additionalProperties, name).toBe(false);
    for (const [field, schema] of Object.entries(properties)) {
      expect(schema, `${name}.${field}`).toMatchObject({ description: expect.stringMatching(/\.$/) });
    }
  }
});
