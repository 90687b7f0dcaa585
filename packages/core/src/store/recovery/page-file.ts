import { readLog } from './write-ahead-log.ts';

/** The pages of a database that SQLite may refuse, its log played into it. Nothing here throws for what it finds. */
export interface PageFile {
  readonly pageSize: number;
  readonly pageCount: number;
  /** Undefined: there is no such page, or it is cut short. The first page begins with the header of the file. */
  page(number: number): Buffer | undefined;
}

export const fileHeaderSize = 100;
const magic = Buffer.from('SQLite format 3\0');
/** Every database of Candle's is made with it. */
const usualPageSize = 4096;
/** A version above this is no schema of any Candle, but damage. */
const highestSchema = 1000;

/** Either may be empty, when the file is gone. */
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

/** `user_version` of the header; undefined when there is no header to believe. */
export function schemaIn(database: Buffer): number | undefined {
  if (database.length < fileHeaderSize || !database.subarray(0, magic.length).equals(magic)) return undefined;
  const version = database.readUInt32BE(60);
  return version <= highestSchema ? version : undefined;
}

function pageSizeOf(database: Buffer): number {
  if (database.length < fileHeaderSize || !database.subarray(0, magic.length).equals(magic)) return usualPageSize;
  const size = database.readUInt16BE(16);
  // 1 stands for 65536, which does not fit into two bytes.
  const bytes = size === 1 ? 65_536 : size;
  return bytes >= 512 && (bytes & (bytes - 1)) === 0 ? bytes : usualPageSize;
}
