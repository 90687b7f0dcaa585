/** Sizes in bytes from SQLite's file format ("The Write-Ahead Log"). */
const headerSize = 32;
const frameHeaderSize = 24;
const magicLittleEndian = 0x377f0682;
const magicBigEndian = 0x377f0683;

export interface LoggedPages {
  readonly pageSize: number;
  /** The newest committed content of each page in the log. */
  readonly pages: ReadonlyMap<number, Buffer>;
  /** The number of pages of the database after the last commit. */
  readonly pageCount: number;
}

/**
 * Reads the pages of a log up to the last commit with valid checksums, like SQLite does. Undefined if the log contains no
 * valid commit.
 */
export function readLog(log: Buffer): LoggedPages | undefined {
  if (log.length < headerSize) return undefined;
  const magic = log.readUInt32BE(0);
  if (magic !== magicLittleEndian && magic !== magicBigEndian) return undefined;
  const sum = checksums(magic === magicBigEndian);
  let sums = sum([0, 0], log.subarray(0, 24));
  if (!isAt(log, 24, sums)) return undefined;
  const pageSize = log.readUInt32BE(8);
  const salts = log.subarray(16, 24);
  const committed = new Map<number, Buffer>();
  const pending = new Map<number, Buffer>();
  let pageCount = 0;
  const frameSize = frameHeaderSize + pageSize;
  for (let at = headerSize; at + frameSize <= log.length; at += frameSize) {
    const page = log.subarray(at + frameHeaderSize, at + frameSize);
    sums = sum(sum(sums, log.subarray(at, at + 8)), page);
    if (!log.subarray(at + 8, at + 16).equals(salts) || !isAt(log, at + 16, sums)) break;
    pending.set(log.readUInt32BE(at), page);
    const countAfterCommit = log.readUInt32BE(at + 4);
    if (countAfterCommit === 0) continue;
    pageCount = countAfterCommit;
    for (const [number, content] of pending) committed.set(number, content);
    pending.clear();
  }
  return pageCount === 0 ? undefined : { pageSize, pages: committed, pageCount };
}

type Sums = readonly [number, number];

function checksums(bigEndian: boolean) {
  return ([first, second]: Sums, bytes: Buffer): Sums => {
    let [a, b] = [first, second];
    for (let at = 0; at + 8 <= bytes.length; at += 8) {
      a = (a + (bigEndian ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at)) + b) >>> 0;
      b = (b + (bigEndian ? bytes.readUInt32BE(at + 4) : bytes.readUInt32LE(at + 4)) + a) >>> 0;
    }
    return [a, b];
  };
}

function isAt(log: Buffer, at: number, [first, second]: Sums): boolean {
  return log.readUInt32BE(at) === first && log.readUInt32BE(at + 4) === second;
}
