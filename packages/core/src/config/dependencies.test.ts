import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { temporaryDirectory } from '../../test/temporary-candle.ts';
import { ConfigInvalidError } from './config-errors.ts';
import { type Dependent, dependentsAmong, findCycle, withDependencies } from './dependencies.ts';
import { parseConfig } from './parse-config.ts';

describe('a cycle', () => {
  test('is reported from its first service back to that service', () => {
    const services = [
      { name: 'mail', dependsOn: ['db'] },
      { name: 'web', dependsOn: ['api'] },
      { name: 'api', dependsOn: ['db', 'web'] },
      { name: 'db', dependsOn: [] },
    ];
    expect(findCycle(services)).toEqual(['web', 'api', 'web']);
  });

  test('is reported without the path that leads to it', () => {
    const services = [
      { name: 'a', dependsOn: ['b'] },
      { name: 'b', dependsOn: ['c'] },
      { name: 'c', dependsOn: ['b'] },
    ];
    expect(findCycle(services)).toEqual(['b', 'c', 'b']);
  });

  test('does not exist if two paths lead to the same service', () => {
    const services = [
      { name: 'web', dependsOn: ['api', 'jobs'] },
      { name: 'api', dependsOn: ['db'] },
      { name: 'jobs', dependsOn: ['db'] },
      { name: 'db', dependsOn: [] },
    ];
    expect(findCycle(services)).toBeUndefined();
  });

  test('is searched in a long chain of wide layers without following every path', () => {
    const layers = Array.from({ length: 40 }, (_, layer) =>
      ['a', 'b', 'c'].map((side) => ({
        name: `${side}${layer}`,
        dependsOn: layer === 39 ? [] : ['a', 'b', 'c'].map((next) => `${next}${layer + 1}`),
      })),
    );
    expect(findCycle(layers.flat())).toBeUndefined();
  });
});

/** Problems as `line:column field: problem`. */
async function problemsOf(text: string): Promise<string[]> {
  const error: unknown = await parseConfig(`${temporaryDirectory()}/.candle.json`, text).catch((caught) => caught);
  if (!(error instanceof ConfigInvalidError)) throw new Error(`no problems: ${JSON.stringify(error)}`);
  return error.problems.map(({ line, column, field, problem }) => `${line}:${column} ${field}: ${problem}`);
}

describe('problems in dependsOn are reported with line and field', () => {
  test('a cycle, at its first service', async () => {
    const text = `{"services": [
  {"name": "db", "shell": "x"},
  {"name": "web", "shell": "x", "dependsOn": ["db", "api"]},
  {"name": "api", "shell": "x",
    "dependsOn": "web"}
]}`;
    expect(await problemsOf(text)).toEqual(["3:46 services[1].dependsOn: is circular: 'web' → 'api' → 'web'"]);
  });

  test('a service that depends on itself', async () => {
    expect(await problemsOf('{"services": {\n"web": {"shell": "x", "dependsOn": "web"}}}')).toEqual([
      "2:36 services.web.dependsOn: is circular: 'web' → 'web'",
    ]);
  });

  test('unknown names, each with the most similar name, also in the object form', async () => {
    const text = `{"services": {
  "frontend": {"shell": "x", "dependsOn": ["bakend", "zzz"]},
  "backend": {"shell": "x"}
}}`;
    expect(await problemsOf(text)).toEqual([
      "2:43 services.frontend.dependsOn: refers to 'bakend', which is not configured; did you mean 'backend'?",
      "2:43 services.frontend.dependsOn: refers to 'zzz', which is not configured",
    ]);
  });

  test.each(['3', '{}', '[3]', '""', '[""]', 'null'])('%s is not a dependency', async (written) => {
    const problems = await problemsOf(`{"services": [{"name": "a", "shell": "x", "dependsOn": ${written}}]}`);
    expect(problems[0]).toMatch(/^1:\d+ services\[0\]\.dependsOn(\[0\])?: must /);
  });
});

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
