import { Writable } from 'node:stream';

/**
 * Reserves stdout for the caller: everything else that this process writes to stdout, such as `console.log` of a dependency,
 * goes to stderr from now on. The returned stream emits an error when the reader is gone.
 */
export function claimStdout({ stdout, stderr }: Pick<NodeJS.Process, 'stdout' | 'stderr'>): Writable {
  const write = stdout.write.bind(stdout);
  const claimed = new Writable({
    decodeStrings: false,
    // Each chunk is written in one call, so that no other output can come between its parts.
    write: (chunk: string | Buffer, _encoding, done) => void write(chunk, done),
  });
  // Otherwise a write error would end the process in the middle of its work.
  stdout.removeAllListeners('error');
  stdout.on('error', (error) => claimed.destroy(error));
  stdout.write = stderr.write.bind(stderr);
  return claimed;
}
