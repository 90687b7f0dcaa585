import { coreErrors } from '@candle/core/error-catalogue';
import { advise, andThen, candle, type ErrorClass, type Hint, phrase, program, sentences } from '@candle/core/errors';
import { expect, test } from 'vitest';
import { parseInput, presentError, renderToolHint } from './serve-mcp.ts';
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

const project: Hint = { option: 'project', value: 'DIR', purpose: 'Pass the directory of the project' };
const create = advise('To create one', candle('setup-project'));

test.each<[string, Hint, string]>([
  ['text stays as it is', 'Choose another name', 'Choose another name'],
  ['a flag becomes a field', phrase('Omit ', { option: 'regex' }), 'Omit regex'],
  ['--project becomes projectDir', project, 'Set projectDir to the directory of the project'],
  ['a command for the current directory becomes projectDir', create, 'Set projectDir to the directory of the project'],
  ['the same instruction appears once', sentences(project, create), 'Set projectDir to the directory of the project'],
  [
    'an example of a command is omitted',
    { instruction: 'Use a number', example: candle('logs', '-n', '1') },
    'Use a number',
  ],
  ['the output of a command for programs becomes a tool', { command: candle('logs', 'api', '--json') }, 'GetLogs'],
  ['an instruction to run it becomes a call', advise('To retry', candle('logs', '--json')), 'To retry: call GetLogs'],
  ['other commands stay', advise('To see why', andThen(candle('ps'), program('ls'))), 'To see why: candle ps && ls'],
])('%s', (_, hint, rendered) => {
  expect(renderToolHint(hint)).toBe(rendered);
});

const hints: Readonly<Record<string, string>> = {
  PROJECT_NOT_FOUND: 'Set projectDir to the directory of the project',
  PROJECT_TOO_WIDE: 'Set projectDir to the directory of the project',
  PROJECT_NOT_A_DIRECTORY: 'Set projectDir to the directory of the project',
  LOGS_COUNT_INVALID: 'Use a whole number, 0 or more',
  LOGS_TIME_INVALID: 'Use an age (30s, 10m, 2h, 1d), a date (2026-01-23) or a time (2026-01-23T10:30)',
  LOGS_CURSOR_INVALID: "Pass the value of 'cursor' in the output of GetLogs, unchanged",
  LOGS_CURSOR_UNKNOWN: 'To start over: call GetLogs',
  LOGS_PATTERN_EMPTY: 'Pass part of the line',
  LOGS_PATTERN_INVALID: 'To search for it as plain text, omit regex\nFor details: candle get-doc expressions',
  PORT_ALREADY_RESERVED: 'To use it: candle get-reserved-port api. To release it: candle release-ports api',
};

test.each(Object.entries(hints))('the hint of %s suits a caller of tools', (code, hint) => {
  const declared = coreErrors().find((error: ErrorClass) => error.code === code);
  expect(presentError(declared?.example()).structuredContent).toMatchObject({ error: { code, hint } });
});

test('an unexpected error is reported as a bug', () => {
  expect(presentError(new TypeError('x is undefined')).structuredContent).toEqual({
    error: { code: 'INTERNAL', message: 'x is undefined', hint: expect.stringMatching(/^This is a bug/), details: {} },
  });
});

test('an error for lack of open files says so', () => {
  const thrown = Object.assign(new Error("EMFILE: too many open files, open 'chunk.js'"), { code: 'EMFILE' });
  expect(presentError(thrown).structuredContent).toMatchObject({
    error: { code: 'SYSTEM_TOO_MANY_OPEN_FILES', hint: 'To raise the limit of this shell: ulimit -n 1024' },
  });
});
