import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Dependent } from '../config/dependencies.ts';
import { dependentsAmong, withDependencies } from './dependency-order.ts';

const shop: readonly Dependent[] = [
  { name: 'web', dependsOn: ['api', 'assets'] },
  { name: 'api', dependsOn: ['db', 'cache'] },
  { name: 'assets', dependsOn: [] },
  { name: 'db', dependsOn: [] },
  { name: 'cache', dependsOn: ['db'] },
  { name: 'mail', dependsOn: [] },
];

describe('the start order of the requested services', () => {
  test('contains all direct and indirect dependencies once, each before its dependents', () => {
    expect(withDependencies(shop, ['web'])).toEqual(['db', 'cache', 'api', 'assets', 'web']);
  });

  test('keeps the order of names that do not depend on each other', () => {
    expect(withDependencies(shop, ['mail', 'db', 'assets'])).toEqual(['mail', 'db', 'assets']);
    expect(withDependencies(shop, ['db', 'mail', 'db'])).toEqual(['db', 'mail']);
  });

  test('contains a service that is not configured without dependencies', () => {
    expect(withDependencies(shop, ['transient'])).toEqual(['transient']);
  });
});

test('a service stops after its dependents in the list, even if a service between them is not in the list', () => {
  expect(dependentsAmong(shop, ['web', 'db', 'mail'])).toEqual(
    new Map([
      ['web', []],
      ['db', ['web']],
      ['mail', []],
    ]),
  );
});

/** Services that depend only on later ones: every acyclic graph has such an order. */
const graph = fc
  .integer({ min: 1, max: 12 })
  .chain((size) =>
    fc
      .tuple(...Array.from({ length: size }, (_, at) => fc.subarray([...Array(size).keys()].slice(at + 1))))
      .map((rows) => rows.map((row, at): Dependent => ({ name: `s${at}`, dependsOn: row.map((to) => `s${to}`) }))),
  );
const request = graph.chain((services) =>
  fc.record({
    services: fc.shuffledSubarray(services, { minLength: services.length }),
    names: fc.shuffledSubarray(services.map(({ name }) => name)),
  }),
);

test('for any services, all dependencies come before their dependents, and nothing else is included', () => {
  fc.assert(
    fc.property(request, ({ services, names }) => {
      const order = withDependencies(services, names);
      expect(new Set(order).size).toBe(order.length);
      for (const [at, name] of order.entries()) {
        const { dependsOn = [] } = services.find((service) => service.name === name) ?? {};
        for (const dependency of dependsOn) expect(order.indexOf(dependency)).toBeOneOf([...Array(at).keys()]);
        const isNeeded = order.some((other) =>
          services.some((service) => service.name === other && service.dependsOn.includes(name)),
        );
        expect(names.includes(name) || isNeeded).toBe(true);
      }
      for (const name of names) expect(order).toContain(name);
    }),
  );
});

test('for any services, a service waits at a stop for exactly those that need it at a start', () => {
  fc.assert(
    fc.property(request, ({ services, names }) => {
      const dependents = dependentsAmong(services, names);
      for (const name of names) {
        for (const other of names) {
          const needs = other !== name && withDependencies(services, [other]).includes(name);
          expect(dependents.get(name)?.includes(other)).toBe(needs);
        }
      }
    }),
  );
});
