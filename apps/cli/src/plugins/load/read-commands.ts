import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Interfaces } from '@oclif/core';

/** A message of the thread that reads a plugin. The last one has the manifest, or the problem that prevented it. */
export interface PluginReaderMessage {
  readonly commandIds?: readonly string[];
  readonly problem?: string;
  readonly manifest?: string;
}

export interface ReadCommands {
  /** Undefined if it could not be determined. */
  readonly manifest: Interfaces.Manifest | undefined;
  /** Includes commands that could not be loaded. */
  readonly commandIds: readonly string[];
  /** Each is the end of a sentence. */
  readonly problems: readonly string[];
}

/** A module with a top-level await or an endless loop might never finish loading. */
const maxLoadMs = 3_000;

/**
 * Reads the commands of a plugin from its manifest. Without a manifest, loads the plugin in a separate thread, so that code
 * that the user did not ask to run can neither end this process nor print or change anything in it.
 */
export async function readCommands(root: string, version: string, reader: string): Promise<ReadCommands> {
  const manifest = readManifest(root);
  // A manifest of another version was packed by mistake; the reader reports this.
  if (manifest?.version === version) return { manifest, commandIds: Object.keys(manifest.commands), problems: [] };
  return loadCommands(root, reader);
}

/** The manifest that was created when the plugin was packed; undefined if it is missing or damaged. */
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
    const tooLate = `it did not load within ${maxLoadMs / 1_000} seconds`;
    const timer = setTimeout(() => resolve(tooLate), maxLoadMs);
    worker.on('message', (message: PluginReaderMessage) => {
      commandIds = message.commandIds ?? commandIds;
      if (message.problem !== undefined) problems.push(message.problem);
      if (message.manifest === undefined) return;
      manifest = JSON.parse(message.manifest);
      resolve('');
    });
    worker.on('error', (error) => resolve(String(error)));
    worker.on('exit', (code) => {
      clearTimeout(timer);
      resolve(`it ended the process while it was loading: process.exit(${code})`);
    });
  });
  await worker.terminate();
  return { manifest, commandIds, problems: manifest || problems.length > 0 ? problems : [end] };
}
