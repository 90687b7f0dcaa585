import { expect, test } from 'vitest';
import { nearestName } from './nearest-name.ts';

test.each([
  ['ap', ['web', 'api'], 'api'],
  ['API', ['web', 'api'], 'api'],
  ['wbe', ['web', 'api'], 'web'],
  ['front', ['backend', 'frontend-app'], 'frontend-app'],
  ['front', ['frontend-app', 'frontend-admin'], undefined],
  ['f', ['frontend-app'], undefined],
  ['wob', ['web', 'api'], 'web'],
  ['strat', ['stop', 'start'], 'start'],
  ['fronted', ['backend', 'frontend'], 'frontend'],
  ['api', ['frontend', 'database'], undefined],
  ['x', ['y'], undefined],
  ['api1', ['api2', 'api3'], 'api2'],
  ['a', [], undefined],
  ['a'.repeat(100_000), ['a'.repeat(100_001)], undefined],
])('for %s among %j the nearest name is %s', (name, known, nearest) => {
  expect(nearestName(name, known)).toBe(nearest);
});
