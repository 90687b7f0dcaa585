import { existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type ProgramResult, runProgram, type Sandbox } from '@candle/test-kit';
import { expect } from 'vitest';
import { bin, sandbox } from '../sandbox.ts';
import { type PluginParts, packPlugin, writePlugin } from './plugin-package.ts';

/** Printed after some seconds of npm, and therefore only on a busy machine. */
const slowNote = 'Still waiting for npm; Ctrl-C cancels without changing anything\n';

/** A sandbox with its own plugin directory and without npm on PATH. */
export interface PluginBox extends Sandbox {
  readonly dataDir: string;
  /** Runs a command. Its stderr omits the note that npm is slow. */
  run(...args: string[]): Promise<ProgramResult>;
  /** The stdout of a command that succeeds and prints nothing to stderr. */
  output(...args: string[]): Promise<string>;
  /** The error object that a failing command prints with --json. */
  failure(...args: string[]): Promise<{ code: string; message: string; hint: string | null }>;
  json(...args: string[]): Promise<unknown>;
  /** Script and environment for tests that start or kill Candle themselves. */
  readonly launch: { readonly file: string; readonly env: Readonly<Record<string, string>> };
  tarball(parts: PluginParts): string;
  directory(parts: PluginParts): string;
  /** Names of the entries of the plugin directory. */
  dataDirEntries(): readonly string[];
}

export function pluginBox(extra: { readonly env?: Readonly<Record<string, string>> } = {}): PluginBox {
  const box = sandbox();
  const dataDir = join(box.root, 'data/candle');
  const onlyNode = join(box.root, 'only-node');
  mkdirSync(onlyNode);
  symlinkSync(process.execPath, join(onlyNode, 'node'));
  const npm = { npm_config_cache: join(box.root, 'npm-cache'), npm_config_userconfig: join(box.root, 'no-npmrc') };
  const env = { ...box.env, ...npm, PATH: onlyNode, XDG_DATA_HOME: join(box.root, 'data'), ...extra.env };
  const run = async (...args: string[]) => {
    const result = await runProgram(process.execPath, [bin, ...args], { cwd: box.projectDir, env });
    return { ...result, stderr: result.stderr.replace(slowNote, '') };
  };
  const directory = (parts: PluginParts) =>
    writePlugin(join(box.root, 'sources', `${parts.name.replace('/', '+')}-${parts.version ?? '1.0.0'}`), parts);
  return {
    ...box,
    dataDir,
    run,
    launch: { file: bin, env },
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
    dataDirEntries: () => (existsSync(dataDir) ? readdirSync(dataDir) : []),
  };
}
