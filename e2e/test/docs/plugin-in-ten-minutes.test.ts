import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type ProgramResult, runProgram } from '@candle/test-kit';
import { expect, onTestFinished } from 'vitest';
import { startRegistry } from '../../registry/start-registry.ts';
import { testInFull } from '../bounded.ts';
import { bin, sandbox } from '../sandbox.ts';
import { getPageBlocks, writePageFile } from './page-blocks.ts';

const repository = join(import.meta.dirname, '../../..');

testInFull(
  'the steps of "A plugin in ten minutes" work as written',
  async () => {
    const registry = await startRegistry();
    onTestFinished(() => registry.close());
    const published = ['apps/cli', 'packages/cli-kit', 'packages/create-plugin'];
    await Promise.all(published.map((directory) => registry.publish(join(repository, directory))));
    const box = sandbox();
    const binDir = join(box.root, 'bin');
    mkdirSync(binDir);
    symlinkSync(bin, join(binDir, 'candle'));
    const env = { ...box.env, ...registry.env, PATH: `${binDir}:${box.env.PATH}` };

    let cwd = box.projectDir;
    let last: ProgramResult | undefined;
    for (const { language, text } of getPageBlocks('docs/plugins.md', 'A plugin in ten minutes')) {
      if (writePageFile(cwd, { language, text })) continue;
      if (language === 'sh') {
        // Each shell starts in the directory where the previous one ended.
        const script = `${text}\npwd > '${join(box.root, 'cwd')}'`;
        last = await runProgram('sh', ['-eu', '-c', script], { cwd, env });
        expect(last, `${text}${last.stdout}${last.stderr}${registry.log().slice(-2000)}`).toMatchObject({
          exitCode: 0,
        });
        cwd = readFileSync(join(box.root, 'cwd'), 'utf8').trim();
      } else {
        expect(last?.stdout, text).toContain(text);
      }
    }
    expect(last?.stdout).toContain('$ candle greet');
  },
  120_000,
);
