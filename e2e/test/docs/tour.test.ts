import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram, until } from '@candle/test-kit';
import { expect, onTestFinished, test } from 'vitest';
import { asOnTerminal, plainly, readTour, tourServer } from '../../install/tour.ts';
import { isFree } from '../listeners.ts';
import { bin, sandbox } from '../sandbox.ts';
import { homeOfAda, runPage } from './run-page.ts';

const repository = join(import.meta.dirname, '../../..');

test.for([
  ['README.md', 'Quick start'],
  ['apps/cli/README.md', 'A first service'],
])('what %s shows is what happens', async ([path = '', heading = '']) => {
  const steps = readTour(readFileSync(join(repository, path), 'utf8'), heading);
  expect(steps.length).toBeGreaterThan(5);
  const box = sandbox();
  box.writeFile('server.js', tourServer);
  const bins = join(box.root, 'bin');
  mkdirSync(bins);
  symlinkSync(bin, join(bins, 'candle'));
  // curl shows its progress where it writes to no terminal.
  writeFileSync(join(box.home, '.curlrc'), 'silent\n');
  const env = { ...box.env, PATH: `${bins}:${box.env.PATH}` };
  for (const { command, output } of steps) {
    const { stdout, stderr } = await runProgram('sh', ['-c', `${command} 2>&1`], { cwd: box.projectDir, env });
    const lines = asOnTerminal(stdout)
      .trimEnd()
      .split('\n')
      .map((line) => plainly(line, box.projectDir));
    expect(lines, `$ ${command}\n${stderr}`).toEqual(output.map((line) => plainly(line, box.projectDir)));
  }
});

test('what README.md shows of a port that is taken is what happens', async () => {
  const box = sandbox();
  const { ada, shop } = homeOfAda(box);
  const blog = join(ada, 'blog');
  mkdirSync(blog);
  for (const dir of [shop, blog]) writeFileSync(join(dir, 'server.js'), tourServer);
  await box.candle(['add-service', 'api', '--shell', 'node server.js'], { cwd: shop });
  const { port } = await box.candleJson(['reserve-port', 'api'], { cwd: shop });
  const stranger = spawn('node', ['server.js'], {
    cwd: blog,
    env: { ...box.env, PORT: String(port) },
    stdio: 'ignore',
  });
  onTestFinished(() => void stranger.kill('SIGKILL'));
  await until('the stranger listens', async () => !(await isFree(port)));
  await runPage('README.md', box, 'When a port is taken');
});
