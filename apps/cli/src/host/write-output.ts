import { fstatSync, writeSync } from 'node:fs';

type StreamName = 'stdout' | 'stderr';

const descriptors: Readonly<Record<StreamName, number>> = { stdout: 1, stderr: 2 };
const opened = new Set<StreamName>();

/**
 * Writes to stdout or stderr, without Node's stream if nothing has used it yet: creating the streams takes longer than the rest
 * of the output of a short command.
 */
export function writeOutput(name: StreamName, text: string): void {
  let rest = Buffer.from(text);
  try {
    while (!opened.has(name) && rest.length > 0) rest = rest.subarray(writeSync(descriptors[name], rest));
  } catch {
    // The reader is slow or gone, or the disk is full: the stream waits, or passes the error to its listener.
  }
  if (rest.length > 0) process[name].write(rest);
}

/**
 * The terminal that stdout or stderr is, or something that is none, such as a pipe, a file or a closed descriptor. A pipe or a
 * file needs no stream to show that.
 */
export function terminalOf(name: StreamName): NodeJS.WriteStream | { readonly isTTY: false } {
  try {
    return fstatSync(descriptors[name]).isCharacterDevice() ? process[name] : { isTTY: false };
  } catch {
    return { isTTY: false };
  }
}

/** Calls `prepare` with the stream before its first use. */
export function prepareStream(name: StreamName, prepare: (stream: NodeJS.WriteStream) => void): void {
  const property = Object.getOwnPropertyDescriptor(process, name);
  if (property?.get === undefined) return void prepareOpened(name, process[name], prepare);
  const get = property.get.bind(process);
  const open = () => {
    Object.defineProperty(process, name, property);
    return prepareOpened(name, get(), prepare);
  };
  Object.defineProperty(process, name, { ...property, get: open });
}

function prepareOpened(name: StreamName, stream: NodeJS.WriteStream, prepare: (stream: NodeJS.WriteStream) => void) {
  opened.add(name);
  prepare(stream);
  return stream;
}
