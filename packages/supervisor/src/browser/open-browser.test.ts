import { expect, test } from 'vitest';
import { hasDisplay } from './open-browser.ts';

test.each([
  ['linux', {}, false],
  ['linux', { DISPLAY: '' }, false],
  ['linux', { DISPLAY: ':0' }, true],
  ['linux', { WAYLAND_DISPLAY: 'wayland-0' }, true],
  ['linux', { WSL_DISTRO_NAME: 'Ubuntu' }, true],
  ['linux', { SSH_CONNECTION: '1', TERM: 'xterm' }, false],
  ['darwin', {}, true],
] as const)('%s with %o: %s', (platform, env, expected) => {
  expect(hasDisplay(platform, env)).toBe(expected);
});
