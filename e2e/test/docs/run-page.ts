import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { runProgram, type Sandbox, until } from '@candle/test-kit';
import { expect } from 'vitest';
import { asOnTerminal, plainly, readSteps, type TourStep } from '../../install/tour.ts';
import { bin } from '../sandbox.ts';
import { getPageBlocks, writePageFile } from './page-blocks.ts';

/** What only looks is asked again until it says what the page says: "a moment later". */
const looks = /^candle (ps|logs|list-ports)\b/;

/** What /home/ada of the pages is in a sandbox, and its shop, where they begin. */
export function homeOfAda(box: Sandbox): { readonly ada: string; readonly shop: string } {
  const ada = join(box.root, 'ada');
  const shop = join(ada, 'shop');
  mkdirSync(shop, { recursive: true });
  return { ada, shop };
}

/** What the pages ask of a machine: `candle` on PATH, and a curl that shows no progress. */
export function envOfPages(box: Sandbox): Readonly<Record<string, string>> {
  const bins = join(box.root, 'bin');
  mkdirSync(bins);
  symlinkSync(bin, join(bins, 'candle'));
  writeFileSync(join(box.home, '.curlrc'), 'silent\nshow-error\n');
  return { ...box.env, PATH: `${bins}:${box.env.PATH}` };
}

/**
 * Writes the files of a page, or of what stands below one of its headings, and types the `console` blocks, in
 * /home/ada/shop, and holds what is printed against the page.
 */
export async function runPage(page: string, box: Sandbox, heading?: string): Promise<void> {
  const { ada, shop } = homeOfAda(box);
  const env = envOfPages(box);
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
      const said = plain(step.output.join('\n'));
      let printed = await run(step);
      const isAsSaid = async () => {
        printed = await run(step);
        return isDeepStrictEqual(printed, said);
      };
      // What is never so is told by the next line, with the difference.
      if (looks.test(step.command) && !isDeepStrictEqual(printed, said))
        await until(step.command, isAsSaid, { timeoutMs: 10_000 }).catch(() => undefined);
      expect(printed, `$ ${step.command}`).toEqual(said);
    }
  }
}
