import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { runProgram, type Sandbox, until } from '@candle/test-kit';
import { expect } from 'vitest';
import { asOnTerminal, plainly, readSteps, type TourStep } from '../../install/tour.ts';
import { bin } from '../sandbox.ts';
import { getPageBlocks, writePageFile } from './page-blocks.ts';

/** Read-only commands, which are repeated until they print what the page shows. */
const readOnly = /^candle (ps|logs|list-ports)\b/;

/** Creates the directories that stand for /home/ada and /home/ada/shop of the pages. */
export function createAdaHome(box: Sandbox): { readonly ada: string; readonly shop: string } {
  const ada = join(box.root, 'ada');
  const shop = join(ada, 'shop');
  mkdirSync(shop, { recursive: true });
  return { ada, shop };
}

/** Creates the environment that the pages expect: `candle` on PATH, and a curl that shows no progress. */
export function createPageEnv(box: Sandbox): Readonly<Record<string, string>> {
  const binDir = join(box.root, 'bin');
  mkdirSync(binDir);
  symlinkSync(bin, join(binDir, 'candle'));
  writeFileSync(join(box.home, '.curlrc'), 'silent\nshow-error\n');
  return { ...box.env, PATH: `${binDir}:${box.env.PATH}` };
}

/**
 * Follows a page, or one of its sections, in /home/ada/shop: writes its files, runs the commands of its `console` blocks,
 * and compares their output with the page.
 */
export async function runPage(page: string, box: Sandbox, heading?: string): Promise<void> {
  const { ada, shop } = createAdaHome(box);
  const env = createPageEnv(box);
  const plain = (text: string) =>
    text
      .trimEnd()
      .split('\n')
      .map((line) => plainly(line.replaceAll(ada, '/home/ada'), shop));
  const run = async ({ command }: TourStep) =>
    plain(asOnTerminal((await runProgram('sh', ['-c', `{ ${command}\n} 2>&1`], { cwd: shop, env })).stdout));
  for (const block of getPageBlocks(page, heading)) {
    if (writePageFile(shop, block) || block.language !== 'console') continue;
    for (const step of readSteps(block.text)) {
      const expected = withSortedStarts(plain(step.output.join('\n')));
      let printed = withSortedStarts(await run(step));
      const isAsExpected = async () => {
        printed = withSortedStarts(await run(step));
        return isDeepStrictEqual(printed, expected);
      };
      // After a timeout, the assertion below reports the difference.
      if (readOnly.test(step.command) && !isDeepStrictEqual(printed, expected))
        await until(step.command, isAsExpected).catch(() => undefined);
      expect(printed, `$ ${step.command}`).toEqual(expected);
    }
  }
}

/** Services that do not depend on each other start at the same time, so their starts are printed in any order. */
function withSortedStarts(lines: readonly string[]): readonly string[] {
  const text = `${lines.join('\n')}\n`;
  const starts = /(?:^\[Started process .*\n(?:\[(?:With root directory|PORT|URL).*\n)*)+/gm;
  const sorted = text.replace(starts, (found) =>
    found
      .split(/^(?=\[Started)/m)
      .sort()
      .join(''),
  );
  return sorted.slice(0, -1).split('\n');
}
