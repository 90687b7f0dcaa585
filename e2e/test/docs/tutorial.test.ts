import { test } from 'vitest';
import { sandbox } from '../sandbox.ts';
import { runPage } from './run-page.ts';

test('the steps of the tutorial work as written and print what it shows', async () => {
  await runPage('docs/tutorial.md', sandbox());
}, 60_000);
