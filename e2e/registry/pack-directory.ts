import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

/** Creates an npm tarball of `<parent>/package`. Optimized for speed, because it is read once, on this machine. */
export async function packDirectory(parent: string, tarball: string): Promise<void> {
  const tar = spawn('tar', ['-cf', '-', '-C', parent, 'package'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<void>((resolve, reject) => {
    tar.once('error', reject);
    tar.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`tar exited with ${code}`))));
  });
  await Promise.all([ended, pipeline(tar.stdout, createGzip({ level: 1 }), createWriteStream(tarball))]);
}
