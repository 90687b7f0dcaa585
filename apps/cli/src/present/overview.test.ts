import { advise, CandleError, candle } from '@candle/core/errors';
import { projectGone } from '@candle/core/projects';
import { noPendingRestart } from '@candle/core/services';
import type { OverviewService, ProjectOverview } from '@candle/supervisor';
import { expect, test } from 'vitest';
import { plainStyle } from './format.ts';
import { renderOverview, renderWelcome } from './overview.ts';

const style = { ...plainStyle, nowMs: 66_000 };

const web: OverviewService = {
  ...{ name: 'web', projectDir: '/home/ada/shop', status: 'ready', isAlive: true, isReady: true, lostReadiness: null },
  ...{ exitCode: null, exitSignal: null, explanation: undefined, pid: 4711, runId: 'r1', startedAtMs: 1_000 },
  ...{ endedAtMs: null, port: 4001, portCheck: null, isPipedInstead: false, url: 'http://localhost:4001' },
  ...{ browserUrl: undefined, shell: 'npm run dev', root: '/home/ada/shop', isTransient: false },
  ...{
    configChanged: false,
    isConfigured: true,
    undoneReason: null,
    pendingRestart: noPendingRestart,
    lastError: undefined,
  },
};
const api: OverviewService = {
  ...{ ...web, name: 'api', status: 'exited', isAlive: false, isReady: null, exitCode: 1, port: 4000 },
  ...{ url: 'http://localhost:4000', lastError: "Error: Cannot find module 'h\u001bono'" },
  pendingRestart: { ...noPendingRestart, attempts: 3, nextRestartAtMs: 70_000 },
};
const inUse: Partial<OverviewService> = {
  ...{ status: 'idle', isAlive: false, isReady: null },
  portCheck: { port: 4001, status: 'conflict', listensOn: [], owner: null, isFine: false, fix: null },
};
const found: ProjectOverview = {
  project: { projectDir: '/home/ada/shop', branch: 'main', isDirectoryGone: false },
  services: [api, web],
  configError: undefined,
  next: { command: candle('logs', 'api') },
};

test('shows each service in one line, and why one has failed below it', () => {
  expect(renderOverview(found, style)).toBe(
    [
      '/home/ada/shop (branch main)',
      '',
      'NAME  STATUS      RESTARTS       PORT  URL',
      'api   EXITED (1)  2, next in 4s  4000  http://localhost:4000',
      "  Error: Cannot find module 'h\\u001bono'",
      'web   RUNNING     -              4001  http://localhost:4001',
      '',
      'Next: candle logs api',
      'All commands: candle help',
    ].join('\n'),
  );
});

class BrokenError extends CandleError {
  static readonly code = 'TEST_BROKEN';
  constructor() {
    super({ message: 'Line 3 is broken', hint: advise('To use it anyway', candle('trust', '/home/ada/shop')) });
  }
}

test('says why the configuration cannot be used', () => {
  expect(renderOverview({ ...found, services: [], configError: new BrokenError(), next: undefined }, style)).toBe(
    [
      '/home/ada/shop (branch main)',
      'Line 3 is broken',
      'To use it anyway: candle trust /home/ada/shop',
      '',
      'No services',
      '',
      'All commands: candle help',
    ].join('\n'),
  );
});

test('without restarts, has the columns of ps, and marks what is no longer configured', () => {
  const services = [
    { ...web, isConfigured: false },
    { ...web, ...inUse },
  ];
  expect(
    renderOverview({ ...found, services }, style)
      .split('\n')
      .slice(2, 5),
  ).toEqual([
    'NAME  STATUS                         PORT           URL',
    'web   RUNNING, no longer configured  4001           http://localhost:4001',
    'web   not running                    4001 (in use)  http://localhost:4001',
  ]);
});

test('without a terminal, all services are shown', () => {
  const services = Array.from({ length: 100 }, () => web);
  expect(renderOverview({ ...found, services }, style).match(/^web/gm)).toHaveLength(100);
});

test.each([
  [24, 40],
  [24, 80],
  [24, 200],
  [60, 80],
])('fits on a screen of %s lines and %s columns, however many services there are', (height, width) => {
  const name = (at: number) => `service-${at}`;
  for (const count of [1, 8, 9, 10, 17, 18, 100]) {
    for (const template of [web, api]) {
      const services = Array.from({ length: count }, (_, at) => ({ ...template, name: name(at) }));
      const text = renderOverview({ ...found, services }, { ...style, height, width });
      const lines = text.split('\n').flatMap((line) => Array(Math.max(1, Math.ceil(line.length / width))));
      expect(lines.length).toBeLessThan(height);
      const shown = text.split('\n').filter((row) => row.startsWith('ser')).length;
      const rest = Number(
        /^… and (\d+) more: \d+ (?:RUNNING|EXITED \(1\))\. To see them: candle ps$/m.exec(text)?.[1] ?? 0,
      );
      expect({ count, all: shown + rest }).toEqual({ count, all: count });
    }
  }
});

test('in a deleted directory, the first command leaves it', () => {
  const [, , first] = renderWelcome(projectGone('/home/ada/old', false), plainStyle).split('\n');
  expect(first).toMatch(/^cd \/\S* +Change to an existing directory$/);
});

test('outside of a project, there are five commands', () => {
  expect(renderWelcome(new BrokenError(), plainStyle)).toBe(
    [
      'Line 3 is broken',
      '',
      'candle up            Find the services of a project, and start them',
      'candle ps --all      Show the services of all projects',
      'candle who-has PORT  Show what uses a port, and how to free it',
      'candle kill-all      Stop the services of all projects',
      'candle help          List all commands by task',
    ].join('\n'),
  );
});
