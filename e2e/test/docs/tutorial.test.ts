import { test } from 'vitest';
import { sandbox } from '../sandbox.ts';
import { runPage } from './run-page.ts';

test('the steps of the tutorial work as they stand, and print what it says', async () => {
  await runPage('docs/tutorial.md', sandbox());
}, 60_000);
