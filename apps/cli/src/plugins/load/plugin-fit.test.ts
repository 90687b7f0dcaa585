import { expect, test } from 'vitest';
import { findMisfit } from './plugin-fit.ts';

const here = { node: '24.21.0', candle: '1.4.2' };

function codeOf(pjson: object, candle = here.candle): string | undefined {
  return findMisfit({ name: 'x', root: '/nonexistent', pjson }, { ...here, candle }, 'candle plugins')?.code;
}

test.each([
  [{}, undefined],
  [{ engines: { node: '>=22.18' } }, undefined],
  [{ engines: { node: '>=26' } }, 'PLUGIN_NODE_MISMATCH'],
  [{ engines: { node: '^20 || ^22' } }, 'PLUGIN_NODE_MISMATCH'],
  [{ engines: { node: 'whatever' } }, undefined],
  [{ engines: ['node >= 99'] }, undefined],
  [{ peerDependencies: { '@candle/cli-kit': '^1.0.0' } }, undefined],
  // Only the major version is compared: whether a newer minor version matters depends on what the plugin uses.
  [{ peerDependencies: { '@candle/cli-kit': '^1.9.0' } }, undefined],
  [{ peerDependencies: { '@candle/cli-kit': '>=1' } }, undefined],
  [{ peerDependencies: { '@candle/cli-kit': '^1 || ^2' } }, undefined],
  [{ peerDependencies: { '@candle/cli-kit': '^2.0.0' } }, 'PLUGIN_CANDLE_MISMATCH'],
  [{ dependencies: { '@candle/cli-kit': '^0.9.0' } }, 'PLUGIN_CANDLE_MISMATCH'],
  [{ dependencies: { '@candle/cli-kit': 'workspace:^' } }, undefined],
  [{ dependencies: { '@candle/cli-kit': 'file:../cli-kit' } }, undefined],
])('%j gives %s', (pjson, code) => {
  expect(codeOf(pjson)).toBe(code);
});

test('a prerelease counts as its major version', () => {
  expect(codeOf({ dependencies: { '@candle/cli-kit': '^2.0.0' } }, '2.0.0-beta.1')).toBe(undefined);
  expect(codeOf({ dependencies: { '@candle/cli-kit': '2.0.0-beta.3' } }, '2.0.0-beta.1')).toBe(undefined);
});
