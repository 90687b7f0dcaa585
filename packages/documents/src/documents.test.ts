import * as v from 'valibot';
import { expect, test } from 'vitest';
import * as documents from './index.ts';
import { jsonSchema, jsonSchemas } from './json-schema.ts';

const schemas = Object.values(documents).filter((value) => typeof value === 'object');

/** The descriptions anywhere in a JSON Schema. */
function descriptionsIn(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([key, value]) =>
    key === 'description' && typeof value === 'string' ? [value] : descriptionsIn(value),
  );
}

test('every description is a sentence', () => {
  const descriptions = schemas.flatMap((schema) => descriptionsIn(jsonSchema(schema)));
  expect(descriptions.length).toBeGreaterThan(100);
  expect(descriptions.filter((text) => !/^\S.*\.$/.test(text))).toEqual([]);
});

test('the compiler rejects a document with a missing, an extra or a wrong field', () => {
  const complete: documents.ReservedPortDocument = { port: 4000, serviceName: null, projectDir: '/shop' };
  // @ts-expect-error projectDir is missing
  const incomplete: documents.ReservedPortDocument = { port: 4000, serviceName: null };
  // @ts-expect-error extra is not a field
  const extended: documents.ReservedPortDocument = { ...complete, extra: true };
  // @ts-expect-error port is a number
  const wrong: documents.ReservedPortDocument = { ...complete, port: '4000' };
  expect([complete, incomplete, extended, wrong].map((document) => v.is(documents.reservedPort, document))).toEqual([
    true,
    false,
    true,
    false,
  ]);
});

test('a JSON Schema allows unknown fields unless it is closed, and omits rules in code', () => {
  const schema = v.pipe(
    v.object({ inner: v.object({}) }),
    v.check(() => false),
  );
  const closed = { type: 'object', additionalProperties: false };
  expect(jsonSchema(schema)).not.toHaveProperty('additionalProperties');
  expect(jsonSchema(schema, { isClosed: true })).toMatchObject({ ...closed, properties: { inner: closed } });
});

test('a document refers to another one by its name', () => {
  const { outer } = jsonSchemas({ inner: documents.portOwner, outer: documents.portCheck });
  expect(outer).toMatchObject({ properties: { owner: { anyOf: [{ $ref: '#/$defs/inner' }, { type: 'null' }] } } });
});
