import { readLog } from './write-ahead-log.ts';

/** The pages of a database that SQLite may reject, with its log applied. Invalid content never throws here. */
export interface PageFile {
  readonly pageSize: number;
  readonly pageCount: number;
  /** Undefined if the page does not exist or is truncated. The first page begins with the file header. */
  page(number: number): Buffer | undefined;
}

export const fileHeaderSize = 100;
const magic = Buffer.from('SQLite format 3\0');
/** The page size of every database that Candle creates. */
const usualPageSize = 4096;
/** A higher schema version is damage, not a schema of any Candle. */
const maxSchema = 1000;

/** Either buffer is empty if its file is missing. */
export function readPages({ database, log }: { database: Buffer; log: Buffer }): PageFile {
  const logged = readLog(log);
  const pageSize = logged?.pageSize ?? pageSizeOf(database);
  return {
    pageSize,
    pageCount: logged?.pageCount ?? Math.floor(database.length / pageSize),
    page: (number) => {
      if (number < 1 || (logged && number > logged.pageCount)) return undefined;
      const found = logged?.pages.get(number) ?? database.subarray((number - 1) * pageSize, number * pageSize);
      return found.length === pageSize ? found : undefined;
    },
  };
}

/** The `user_version` in the header; undefined if there is no valid header. */
export function schemaIn(database: Buffer): number | undefined {
  if (database.length < fileHeaderSize || !database.subarray(0, magic.length).equals(magic)) return undefined;
  const version = database.readUInt32BE(60);
  return version <= maxSchema ? version : undefined;
}

function pageSizeOf(database: Buffer): number {
  if (database.length < fileHeaderSize || !database.subarray(0, magic.length).equals(magic)) return usualPageSize;
  const size = database.readUInt16BE(16);
  // 1 means 65536, which does not fit into two bytes.
  const bytes = size === 1 ? 65_536 : size;
  return bytes >= 512 && (bytes & (bytes - 1)) === 0 ? bytes : usualPageSize;
}
