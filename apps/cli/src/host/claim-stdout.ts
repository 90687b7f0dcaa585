import { Writable } from 'node:stream';

/**
 * Takes stdout for the one who calls this: what anything else in this process writes to it, `console.log` of a dependency
 * too, goes to stderr from now on. A reader that is gone is told by an error of the stream that is returned.
 */
export function claimStdout({ stdout, stderr }: Pick<NodeJS.Process, 'stdout' | 'stderr'>): Writable {
  const write = stdout.write.bind(stdout);
  const claimed = new Writable({
    decodeStrings: false,
    // In one piece: nothing can come in between.
    write: (chunk: string | Buffer, _encoding, done) => void write(chunk, done),
  });
  // Otherwise the process would end in the middle of what it does.
  stdout.removeAllListeners('error');
  stdout.on('error', (error) => claimed.destroy(error));
  stdout.write = stderr.write.bind(stderr);
  return claimed;
}
