import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { asOnTerminal, plainly, readTour, tourServer } from '../../install/tour.ts';
import { bin, sandbox } from '../sandbox.ts';

const repository = join(import.meta.dirname, '../../..');

test.for([
  ['README.md', 'A tour of 60 seconds'],
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
