import type { InitOffer, InitResult } from '@candle/init';
import { expect, test } from 'vitest';
import { renderWritten } from './init.ts';

const from = { file: 'package.json' };
const offer: InitOffer = {
  projectDir: '/shop',
  path: '/shop/.candle.json',
  present: [],
  setup: undefined,
  mainConfig: undefined,
  services: ['web', 'storybook', 'docs'].map((name) => ({
    service: { name, shell: name },
    from,
    isSelected: name === 'web',
  })),
  ports: [],
  ignored: [],
  advice: [],
  problems: [],
};

function render(services: readonly string[], created = true): string {
  const written: InitResult['written'] = { created, services, ports: [], hasSetup: false, copiedFrom: undefined };
  return renderWritten({ offer, written });
}

test('lists the services that were not added, and how to add them', () => {
  expect(render(['web'])).toBe(
    'Created /shop/.candle.json with web\nNot added: storybook, docs. To add one, run candle init on a terminal, or write it into .candle.json',
  );
  expect(render([], false)).toContain('\nNot added: web, storybook, docs.');
  expect(render(['web', 'storybook', 'docs'], false)).toBe('Added to /shop/.candle.json: web, storybook, docs');
});
