import { describe, expect, test } from 'vitest';
import { temporaryDirectory } from '../../test/temporary-candle.ts';
import { ConfigInvalidError } from './config-errors.ts';
import { findCycle } from './dependencies.ts';
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
