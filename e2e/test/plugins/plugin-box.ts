import { existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type ProgramResult, runProgram, type Sandbox } from '@candle/test-kit';
import { expect } from 'vitest';
import { bin, sandbox } from '../sandbox.ts';
import { type PluginParts, packPlugin, writePlugin } from './plugin-package.ts';

/** A sandbox with a directory of plugins of its own, and no npm on PATH. */
export interface PluginBox extends Sandbox {
  readonly dataDir: string;
  run(...args: string[]): Promise<ProgramResult>;
  /** Standard output of a command that succeeds and has nothing to complain about. */
  output(...args: string[]): Promise<string>;
  /** The error object of a command that fails, which is the same sentence for people. */
  failure(...args: string[]): Promise<{ code: string; message: string; hint: string | null }>;
  json(...args: string[]): Promise<unknown>;
  /** What Node is started with, for tests that end it. */
  readonly line: { readonly file: string; readonly env: Readonly<Record<string, string>> };
  tarball(parts: PluginParts): string;
  directory(parts: PluginParts): string;
  /** Names of what is in the directory of plugins. */
  left(): readonly string[];
}

export function pluginBox(extra: { readonly env?: Readonly<Record<string, string>> } = {}): PluginBox {
  const box = sandbox();
  const dataDir = join(box.root, 'data/candle');
  const onlyNode = join(box.root, 'only-node');
  mkdirSync(onlyNode);
  symlinkSync(process.execPath, join(onlyNode, 'node'));
  const npm = { npm_config_cache: join(box.root, 'npm-cache'), npm_config_userconfig: join(box.root, 'no-npmrc') };
  const env = { ...box.env, ...npm, PATH: onlyNode, XDG_DATA_HOME: join(box.root, 'data'), ...extra.env };
  const run = (...args: string[]) => runProgram(process.execPath, [bin, ...args], { cwd: box.projectDir, env });
  const directory = (parts: PluginParts) =>
    writePlugin(join(box.root, 'sources', `${parts.name.replace('/', '+')}-${parts.version ?? '1.0.0'}`), parts);
  return {
    ...box,
    dataDir,
    run,
    line: { file: bin, env },
    output: async (...args) => {
      const result = await run(...args);
      expect(result).toMatchObject({ exitCode: 0, stderr: '' });
      return result.stdout;
    },
    failure: async (...args) => {
      const { stdout, stderr, exitCode } = await run(...args, '--json');
      expect({ exitCode, stderr, stdout }).toMatchObject({ exitCode: 1, stderr: '' });
      return JSON.parse(stdout).error;
    },
    json: async (...args) => {
      const { stdout, stderr } = await run(...args, '--json');
      expect(stderr).toBe('');
      return JSON.parse(stdout);
    },
    directory,
    tarball: (parts) => {
      const source = directory(parts);
      return packPlugin(source, `${source}.tgz`);
    },
    left: () => (existsSync(dataDir) ? readdirSync(dataDir) : []),
  };
}
