import { expect, test } from 'vitest';
import { renderReservedPorts, renderTime } from './render-reserved-ports.ts';

const projectDir = '/path/to/project';

test('reservations are listed in the form of the reference', () => {
  const text = renderReservedPorts(
    [
      { port: 4002, projectDir, serviceName: null, reservedAtMs: new Date(2026, 0, 23, 10, 32).getTime() },
      { port: 4000, projectDir, serviceName: 'api', reservedAtMs: new Date(2026, 0, 23, 10, 30).getTime() },
    ],
    { all: false },
  );
  expect(text).toMatchInlineSnapshot(`
    "Reserved ports:

      Port 4002 (project-level)
        Project: /path/to/project
        Reserved at: 1/23/2026, 10:32:00 AM

      Port 4000 (service: api)
        Project: /path/to/project
        Reserved at: 1/23/2026, 10:30:00 AM"
  `);
});

test('no reservations are said in a sentence', () => {
  expect(renderReservedPorts([], { all: false })).toBe('No reserved ports found for current project');
  expect(renderReservedPorts([], { all: true })).toBe('No reserved ports found');
});

test('a time has plain spaces only', () => {
  expect(renderTime(0)).toMatch(/^[ -~]+$/);
});
