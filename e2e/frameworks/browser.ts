import { type BrowserContext, chromium } from 'playwright-core';
import { onTestFinished } from 'vitest';

/** Opens Chromium with an empty profile. The test closes it. */
export async function openChromium(): Promise<BrowserContext> {
  const executablePath = process.env.CHROMIUM;
  if (!executablePath) throw new Error('CHROMIUM is not set; run the tests with npm run test:frameworks');
  const browser = await chromium.launch({ executablePath });
  onTestFinished(() => browser.close());
  return browser.newContext();
}
