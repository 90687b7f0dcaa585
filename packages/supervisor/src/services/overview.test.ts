import { candle } from '@candle/core/errors';
import { expect, test } from 'vitest';
import type { ListedService } from './list.ts';
import { findNext, findProblem } from './overview.ts';

type Service = Parameters<typeof findProblem>[0];

const running: Service = {
  ...{ name: 'api', status: 'ready', isAlive: true, isReady: true, exitCode: null },
  ...{ portCheck: null, lostReadiness: null, configChanged: false, isConfigured: true },
};
const idle: Service = { ...running, status: 'idle', isAlive: false, isReady: null };
const failed: Service = { ...idle, status: 'exited', exitCode: 1 };

function checked(status: 'not-listening' | 'wrong-port' | 'conflict'): ListedService['portCheck'] {
  return { port: 4000, status, listensOn: [], owner: null, isFine: false, fix: 'Set server.port' };
}

test.each<[string, Partial<Service>, ReturnType<typeof findProblem>]>([
  ['is ready', running, undefined],
  ['was never started', idle, undefined],
  ['has exited with code 0', { ...failed, exitCode: 0 }, undefined],
  ['has exited with code 1', failed, 'failed'],
  ['was lost', { ...failed, status: 'lost', exitCode: null }, 'failed'],
  ['listens on the wrong port', { ...running, portCheck: checked('wrong-port') }, 'port'],
  ['has its port taken while it is not running', { ...idle, portCheck: checked('conflict') }, 'port'],
  ['has failed, and has its port taken', { ...failed, portCheck: checked('conflict') }, 'failed'],
  ['does not listen yet', { ...running, isReady: false, portCheck: checked('not-listening') }, 'not-ready'],
  ['is stopping', { ...running, status: 'stopping', isReady: false }, undefined],
  ['is running with an older definition', { ...running, configChanged: true }, 'outdated'],
])('the problem of a service that %s', (_, service, problem) => {
  expect(findProblem({ ...running, ...service })).toBe(problem);
});

test.each<[string, readonly Service[], object]>([
  ['without services', [], { command: candle('init') }],
  ['if one has failed', [failed, running], { command: candle('logs', 'api') }],
  ['if several have failed', [failed, { ...failed, name: 'web' }, running], { command: candle('logs', 'api', 'web') }],
  [
    'if one listens on the wrong port',
    [{ ...running, portCheck: checked('wrong-port') }],
    { command: candle('list', 'api') },
  ],
  [
    'if another program has a port',
    [{ ...idle, portCheck: checked('conflict') }],
    { command: candle('who-has', '4000') },
  ],
  [
    'if one is no longer configured',
    [{ ...running, configChanged: true, isConfigured: false }],
    { command: candle('down', 'api') },
  ],
  ['while one is not ready', [{ ...running, isReady: false }], { command: candle('wait-for-ready', 'api') }],
  [
    'if one is not ready any more',
    [{ ...running, isReady: false, lostReadiness: { sinceMs: 0, reason: 'x' } }],
    { command: candle('logs', 'api') },
  ],
  ['if one has an older definition', [{ ...running, configChanged: true }], { command: candle('up') }],
  ['if one is not running', [running, { ...idle, name: 'web' }], { command: candle('up') }],
  ['if none is running that up starts', [{ ...idle, name: 'tool' }], { command: candle('start', 'tool') }],
  ['if all are running', [running], { command: candle('logs', '-f') }],
])('what to do next %s', (_, services, next) => {
  expect(findNext(services, new Set(['api', 'web']))).toEqual(next);
});
