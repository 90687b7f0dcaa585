import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { sandbox } from '../sandbox.ts';
import { getPageBlocks, writePageFile } from './page-blocks.ts';
import { createAdaHome, createPageEnv, runPage } from './run-page.ts';

test('the steps of the guide for worktrees work as written', async () => {
  const box = sandbox();
  const { shop } = createAdaHome(box);
  for (const block of getPageBlocks('docs/tutorial.md')) writePageFile(shop, block);
  const commit = 'git init -q && git add . && git -c user.name=Ada -c user.email=ada@localhost commit -qm Shop';
  expect(await runProgram('sh', ['-c', commit], { cwd: shop, env: box.env })).toMatchObject({ exitCode: 0 });
  await runPage('docs/guides/worktrees.md', box);
}, 60_000);

test('the commands in the guide for init print what it shows', async () => {
  await runPage('docs/guides/init.md', sandbox());
}, 60_000);

test('the commands in the guide for ports print what it shows', async () => {
  await runPage('docs/guides/ports.md', sandbox());
}, 60_000);

test('the commands in the guide for a replaced database print what it shows', async () => {
  await runPage('docs/guides/replaced-database.md', sandbox());
}, 60_000);

test('the commands in the guide for completion work as written', async () => {
  const box = sandbox();
  const blocks = getPageBlocks('docs/guides/completion.md');
  expect(blocks).toHaveLength(2);
  const env = { ...createPageEnv(box), SHELL: '/bin/bash' };
  for (const { text } of blocks) {
    expect(await runProgram('sh', ['-c', text], { cwd: box.projectDir, env })).toMatchObject({ exitCode: 0 });
  }
});

test('the script in the guide for CI exits with the code of its test, keeps the output and stops the services', async () => {
  const [script] = getPageBlocks('docs/guides/ci.md');
  const box = sandbox({ config: { services: [{ name: 'api', shell: 'node api.js' }] } });
  box.writeFile(
    'api.js',
    "require('node:http').createServer((_, answer) => answer.end('pid ' + process.pid)).listen(process.env.PORT, () => console.log('tables made'));",
  );
  box.writeFile(
    'smoke.js',
    `fetch(process.argv[2]).then(async (answer) => { console.log(await answer.text()); process.exit(7); });`,
  );
  const result = await runProgram('sh', ['-c', script?.text ?? ''], { cwd: box.projectDir, env: createPageEnv(box) });
  expect(result, result.stderr).toMatchObject({ exitCode: 7 });
  const pid = Number(/^pid (\d+)$/m.exec(result.stdout)?.[1]);
  expect(pid).toBeGreaterThan(0);
  expect(existsSync(`/proc/${pid}`)).toBe(false);
  expect(readFileSync(join(box.projectDir, 'candle.log'), 'utf8')).toContain('tables made');
});
