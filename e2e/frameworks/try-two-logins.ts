import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram, type Sandbox } from '@candle/test-kit';
import type { BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';
import { openChromium } from './browser.ts';
import { end, nonEmpty } from './observe.ts';

/**
 * Logs in to the same service of two worktrees, in one browser. At `localhost`, the second login replaces the cookie of the
 * first; under their host names, both stay logged in.
 */
export async function tryTwoLogins(box: Sandbox): Promise<void> {
  box.writeConfig({ services: [{ name: 'web', shell: 'npm start', port: 'auto', ready: { http: '/' } }] });
  box.writeFile('.gitignore', 'node_modules\n');
  const other = join(box.root, 'fix-login');
  const git = 'git -c user.name=Ada -c user.email=ada@localhost';
  const steps = `git init -q -b main && git add . && ${git} commit -qm First && git worktree add -q -b fix/login '${other}'`;
  expect(await runProgram('sh', ['-c', steps], { cwd: box.projectDir, env: box.env })).toMatchObject({ exitCode: 0 });
  symlinkSync(join(box.projectDir, 'node_modules'), join(other, 'node_modules'));
  const worktrees = [box.projectDir, other];
  for (const cwd of worktrees) await box.candle(['start', '--wait'], { cwd });
  const urlsWith = async (...flags: string[]) =>
    Promise.all(worktrees.map(async (cwd) => (await box.candle(['url', 'web', ...flags], { cwd })).stdout.trim()));

  const [one, two] = await logInToBoth(await openChromium(), await urlsWith());
  expect([one, two]).toEqual(['Log in', 'Hello, bea']);
  const named = await urlsWith('--named');
  expect(named.map((url) => new URL(url).hostname)).toEqual([
    'web.main.project.localhost',
    'web.fix-login.project.localhost',
  ]);
  expect(await logInToBoth(await openChromium(), named)).toEqual(['Hello, ada', 'Hello, bea']);

  const { ports } = await box.candleJson(['list-ports', '--all']);
  await box.candle(['kill'], { cwd: other });
  await end(box, 'web', nonEmpty(ports.map(({ port }: { port: number }) => port)) ?? []);
}

/** What both pages show after both logins. */
async function logInToBoth(browser: BrowserContext, urls: readonly string[]): Promise<readonly string[]> {
  const pages: Page[] = [];
  for (const [index, url] of urls.entries()) {
    const page = await browser.newPage();
    await page.goto(url);
    await page.getByRole('textbox').fill(['ada', 'bea'][index] ?? '');
    await page.getByRole('button').click();
    await page.getByText('Hello, ').waitFor();
    pages.push(page);
  }
  const seen: string[] = [];
  for (const page of pages) {
    await page.reload();
    seen.push(((await page.textContent('body')) ?? '').trim());
  }
  return seen;
}
