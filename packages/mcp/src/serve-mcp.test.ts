import { expect, test } from 'vitest';
import { parseInput } from './serve-mcp.ts';
import type { Tool } from './tool.ts';
import { getLogs } from './tools/log-tools.ts';
import { listPorts } from './tools/port-tools.ts';
import { killService } from './tools/service-tools.ts';
import { startTransientService, waitForReady } from './tools/start-tools.ts';

test('fills in defaults', () => {
  expect(parseInput(waitForReady, { name: 'api' })).toEqual({ name: 'api', timeout: 30 });
  expect(parseInput(listPorts, undefined)).toEqual({});
});

test.each<readonly [Tool, object, string]>([
  [getLogs, {}, 'name is missing'],
  [getLogs, { name: 5, regex: 'x' }, 'name must be a string; regex must be true or false'],
  [getLogs, { name: 'api', limit: 1e6 }, 'limit must be at most 1000; use the cursor of a result to read more'],
  [getLogs, { name: 'api', projectDir: '' }, 'projectDir must not be empty'],
  [getLogs, { name: 'api', regex: true }, 'regex requires grep'],
  [waitForReady, { name: 'api', timeout: -1 }, 'timeout must not be negative'],
  [waitForReady, { name: 'api', timeout: 1e9 }, 'timeout must be at most 86400 (one day)'],
  [startTransientService, { name: 'api', shell: 'x', port: 'any' }, 'port must be "auto" or a number'],
  [
    listPorts,
    { showAll: true, projectDir: '/', serviceName: 'api' },
    'showAll covers all projects, so it cannot be combined with projectDir; showAll covers all projects, so it cannot be combined with serviceName',
  ],
  [killService, { a: 1, b: 2 }, "unknown field 'a', 'b'; either name or port is required, but not both"],
])('reports every problem of the input: %#', (tool, input, problems) => {
  expect(() => parseInput(tool, input)).toThrow(`Invalid input for ${tool.name}: ${problems}`);
});
