import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Interfaces } from '@oclif/core';

/** What the thread that reads a plugin says: its last word is the manifest, or that there is none. */
export interface PluginReaderMessage {
  readonly commandIds?: readonly string[];
  readonly problem?: string;
  readonly manifest?: string;
}

export interface ReadCommands {
  /** Undefined when nobody could find out. */
  readonly manifest: Interfaces.Manifest | undefined;
  /** Those that could not be loaded too. */
  readonly commandIds: readonly string[];
  /** What is wrong, each as a part of a sentence. */
  readonly problems: readonly string[];
}

/** A module that awaits something at its top, or turns round in itself, might never be loaded. */
const maxLoadMs = 3_000;

/**
 * The commands of a plugin, from its manifest. One that has none is loaded, in a thread of its own: code of plugins that
 * nobody has asked to run can neither end this process nor print, change or break anything in it.
 */
export async function readCommands(root: string, version: string, reader: string): Promise<ReadCommands> {
  const manifest = readManifest(root);
  // Another version's was left there by mistake; the reader says so.
  if (manifest?.version === version) return { manifest, commandIds: Object.keys(manifest.commands), problems: [] };
  return loadCommands(root, reader);
}

/** What was prepared when the plugin was packed; undefined where it is missing or damaged. */
export function readManifest(root: string): Interfaces.Manifest | undefined {
  try {
    const manifest: Interfaces.Manifest = JSON.parse(readFileSync(join(root, 'oclif.manifest.json'), 'utf8'));
    return typeof manifest.commands === 'object' && manifest.commands !== null ? manifest : undefined;
  } catch {
    return undefined;
  }
}

async function loadCommands(root: string, reader: string): Promise<ReadCommands> {
  const worker = new Worker(reader, { workerData: root, stdout: true, stderr: true });
  const problems: string[] = [];
  let commandIds: readonly string[] = [];
  let manifest: Interfaces.Manifest | undefined;
  const end = await new Promise<string>((resolve) => {
    const tooLate = `it was not loaded after ${maxLoadMs / 1_000} seconds`;
    const timer = setTimeout(() => resolve(tooLate), maxLoadMs);
    worker.on('message', (news: PluginReaderMessage) => {
      commandIds = news.commandIds ?? commandIds;
      if (news.problem !== undefined) problems.push(news.problem);
      if (news.manifest === undefined) return;
      manifest = JSON.parse(news.manifest);
      resolve('');
    });
    worker.on('error', (error) => resolve(String(error)));
    worker.on('exit', (code) => {
      clearTimeout(timer);
      resolve(`it ended the process while it was loaded: process.exit(${code})`);
    });
  });
  await worker.terminate();
  return { manifest, commandIds, problems: manifest || problems.length > 0 ? problems : [end] };
}
