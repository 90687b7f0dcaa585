import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram, until } from '@candle/test-kit';
import { expect, onTestFinished, test } from 'vitest';
import { asOnTerminal, plainly, readTour, tourAuthor, tourFiles } from '../../install/tour.ts';
import { isFree } from '../listeners.ts';
import { bin, sandbox } from '../sandbox.ts';
import { createAdaHome, runPage } from './run-page.ts';

const repository = join(import.meta.dirname, '../../..');

test('README.md shows the files that its commands need', () => {
  const page = readFileSync(join(repository, 'README.md'), 'utf8');
  expect(page).toContain(`\n// server.js\n${tourFiles['server.js']}\`\`\`\n`);
  expect(page).toContain(`\n\`\`\`json\n${tourFiles['package.json']}\`\`\`\n`);
});

test.for(['sh', 'bash', 'zsh', 'fish'])(
  'the PATH in README.md runs Candle on the Node.js of the clone in %s',
  async (shell, { skip }) => {
    skip(!existsSync(join(repository, 'node_modules/.bin/node')), 'the clone has no separate Node.js');
    skip(!existsSync(`/usr/bin/${shell}`), `needs: apt-get install ${shell}`);
    const [line = ''] = /^export PATH=.*$/m.exec(readFileSync(join(repository, 'README.md'), 'utf8')) ?? [];
    const { env, home } = sandbox();
    const { stdout } = await runProgram(shell, ['-c', `${line}\ncd '${home}'\ncandle --version\n`], {
      cwd: repository,
      env: { ...env, PATH: '/usr/bin:/bin' },
    });
    const pinned = readFileSync(join(repository, '.node-version'), 'utf8').trim();
    expect(stdout).toContain(`node-v${pinned}`);
  },
);

test.for([
  ['README.md', 'Quick start'],
  ['apps/cli/README.md', 'A first service'],
])('the commands in %s print what it shows', async ([path = '', heading = '']) => {
  const steps = readTour(readFileSync(join(repository, path), 'utf8'), heading);
  expect(steps.length).toBeGreaterThan(5);
  const box = sandbox();
  for (const [name, text] of Object.entries(tourFiles)) box.writeFile(name, text);
  const binDir = join(box.root, 'bin');
  mkdirSync(binDir);
  symlinkSync(bin, join(binDir, 'candle'));
  // curl shows its progress if its output is not a terminal.
  writeFileSync(join(box.home, '.curlrc'), 'silent\n');
  const env = { ...box.env, ...tourAuthor, PATH: `${binDir}:${box.env.PATH}` };
  for (const { command, output } of steps) {
    const { stdout, stderr } = await runProgram('sh', ['-c', `${command} 2>&1`], { cwd: box.projectDir, env });
    const plain = (text: string) => text.split('\n').map((line) => plainly(line, box.projectDir));
    expect(plain(asOnTerminal(stdout).trimEnd()), `$ ${command}\n${stderr}`).toEqual(plain(output.join('\n')));
  }
});

test('the commands in README.md for a port in use print what it shows', async () => {
  const box = sandbox();
  const { ada, shop } = createAdaHome(box);
  const blog = join(ada, 'blog');
  mkdirSync(blog);
  for (const dir of [shop, blog]) writeFileSync(join(dir, 'server.js'), tourFiles['server.js']);
  await box.candle(['add-service', 'api', '--shell', 'node server.js'], { cwd: shop });
  const { port } = await box.candleJson(['reserve-port', 'api'], { cwd: shop });
  // That of the second worktree in the quick start.
  await box.candle(['reserve-port', 'api'], { cwd: blog });
  // The page shows what a later start prints.
  await box.candle(['start', '--bg'], { cwd: shop });
  await box.candle(['kill'], { cwd: shop });
  const otherServer = spawn('node', ['server.js'], {
    cwd: blog,
    env: { ...box.env, PORT: String(port) },
    stdio: 'ignore',
  });
  onTestFinished(() => void otherServer.kill('SIGKILL'));
  await until('the other server listens', async () => !(await isFree(port)));
  await runPage('README.md', box, 'When a port is taken');
});
