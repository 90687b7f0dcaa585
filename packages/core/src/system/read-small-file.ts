import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

/** More than any file that people write by hand. */
const handwrittenBytes = 1024 * 1024;

/** The code of a system error, or why the file is not read: `NOT_REGULAR` or `TOO_LARGE`. */
class SmallFileError extends Error {
  readonly code: string;

  constructor(code: string, path: string) {
    super(`${path}: ${code}`);
    this.code = code;
  }
}

/**
 * Reads a text file of a project. A repository can contain a link to a device or to a named pipe, and reading those would
 * never end, so it reads only regular files of at most 1 MiB.
 * @throws system errors, and errors with the code `NOT_REGULAR` or `TOO_LARGE`
 */
export function readSmallFile(path: string): string {
  return readRegularFile(path, handwrittenBytes).toString('utf8');
}

/**
 * The bytes of a regular file, which need not be text.
 * @throws system errors, and errors with the code `NOT_REGULAR` or `TOO_LARGE`
 */
export function readRegularFile(path: string, maxBytes: number): Buffer {
  // Without O_NONBLOCK, opening a named pipe would block.
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = fstatSync(fd);
    if (stats.isDirectory()) throw new SmallFileError('EISDIR', path);
    if (!stats.isFile()) throw new SmallFileError('NOT_REGULAR', path);
    if (stats.size > maxBytes) throw new SmallFileError('TOO_LARGE', path);
    const buffer = Buffer.allocUnsafe(stats.size);
    let length = 0;
    for (let read = -1; read !== 0 && length < buffer.length; length += read) {
      read = readSync(fd, buffer, length, buffer.length - length, length);
    }
    return buffer.subarray(0, length);
  } finally {
    closeSync(fd);
  }
}
