import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Sandbox, until } from '@candle/test-kit';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { openChromium } from './browser.ts';
import type { Attempt, PageCheck } from './framework-case.ts';
import { awaitAnswer, end, quiet } from './observe.ts';
import type { NameResult } from './result.ts';

/** Opens the service under its host name, as `candle open-browser --named` does. */
export async function tryByName(box: Sandbox, check: PageCheck, attempts: readonly Attempt[]): Promise<NameResult> {
  const { shell, config } = attempts.findLast(({ listensOn }) => listensOn === 'reserved') ?? {};
  box.writeConfig({ services: [{ name: 'web', shell, port: 'auto', ...config }] });
  if (check.allowedBy !== undefined) {
    await withPage(box, (page) => expectRejected(page, check));
    for (const [path, text] of Object.entries(check.allowedBy.files)) box.writeFile(path, text);
  }
  const works = await withPage(box, (page) => expectWorking(box, page, check));
  return { works, setting: check.allowedBy?.inWords };
}

/** Starts the service, and opens its page. `use` gets an empty page and has to load the URL. */
async function withPage<T>(box: Sandbox, use: (page: { page: Page; url: string }) => Promise<T>): Promise<T> {
  await box.candle(['start', 'web'], { env: quiet });
  const ports = await awaitAnswer(box, 'web');
  const url = (await box.candle(['url', 'web', '--named'])).stdout.trim();
  expect(url).toBe(`http://web.project.project.localhost:${ports[0]}`);
  const page = await (await openChromium()).newPage();
  const result = await use({ page, url });
  await page.context().close();
  await end(box, 'web', ports);
  return result;
}

async function expectWorking(
  box: Sandbox,
  { page, url }: { page: Page; url: string },
  { shows, counts, edited }: PageCheck,
): Promise<readonly string[]> {
  expect((await page.goto(url))?.status()).toBe(200);
  await page.getByText(shows).first().waitFor();
  if (counts) await until('the scripts of the page run', async () => (await count(page)) !== 'Count: 0');
  if (edited !== undefined) {
    const text = readFileSync(join(box.projectDir, edited), 'utf8');
    box.writeFile(edited, text.replace(shows, `${shows} again`));
    await page.getByText(`${shows} again`).first().waitFor();
    box.writeFile(edited, text);
  }
  return ['loads', ...(counts ? ['runs its scripts'] : []), ...(edited === undefined ? [] : ['shows edits'])];
}

/** The page loads, but its scripts do not get what they request, so the button does not count. */
async function expectRejected({ page, url }: { page: Page; url: string }, { shows }: PageCheck): Promise<void> {
  const rejected = new Promise((resolve) => page.on('websocket', (socket) => socket.on('socketerror', resolve)));
  await page.goto(url);
  await page.getByText(shows).first().waitFor();
  await rejected;
  expect(await count(page)).toBe('Count: 0');
}

async function count(page: Page): Promise<string | null> {
  const button = page.getByText(/^Count: /).first();
  await button.click();
  return button.textContent();
}
