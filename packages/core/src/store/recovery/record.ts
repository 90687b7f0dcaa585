/** A value of a row. Candle stores no blobs, so a row that contains one is damaged. */
export type Value = string | number | null;

/** The content does not follow SQLite's file format. Caught while walking rows, never shown. */
export class UnreadableError extends Error {}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Reads SQLite's integer of one to nine bytes, and returns the offset after it. */
export function readVarint(bytes: Buffer, at: number): { value: number; next: number } {
  let value = 0n;
  for (let index = 0; index < 9; index++) {
    const byte = bytes[at + index];
    if (byte === undefined) throw new UnreadableError('a number is cut short');
    if (index === 8) return { value: Number(BigInt.asIntN(64, (value << 8n) | BigInt(byte))), next: at + 9 };
    value = (value << 7n) | BigInt(byte & 0x7f);
    if (byte < 0x80) return { value: Number(value), next: at + index + 1 };
  }
  throw new UnreadableError('a number has no end');
}

/** Reads the values of one record in the order of the table's columns. @throws UnreadableError */
export function readRecord(record: Buffer): readonly Value[] {
  const { value: headerSize, next } = readVarint(record, 0);
  if (headerSize < next || headerSize > record.length) throw new UnreadableError('a header is too long');
  const values: Value[] = [];
  let type = next;
  let content = headerSize;
  while (type < headerSize) {
    const serial = readVarint(record, type);
    type = serial.next;
    const size = sizeOf(serial.value);
    if (content + size > record.length) throw new UnreadableError('a value is cut short');
    values.push(readValue(serial.value, record.subarray(content, content + size)));
    content += size;
  }
  if (type !== headerSize || content !== record.length) throw new UnreadableError('a record has the wrong length');
  return values;
}

/** The size of numbers in bytes by serial type. The last one is a float, such as a time from the file system. */
const numberSizes: readonly number[] = [0, 1, 2, 3, 4, 6, 8, 8];

function sizeOf(serial: number): number {
  if (serial === 8 || serial === 9) return 0;
  const size = numberSizes[serial];
  if (size !== undefined) return size;
  if (serial < 13 || serial % 2 === 0) throw new UnreadableError('a value has a type that Candle does not write');
  return (serial - 13) / 2;
}

function readValue(serial: number, bytes: Buffer): Value {
  if (serial === 0) return null;
  if (serial === 8 || serial === 9) return serial - 8;
  if (serial === 7) return bytes.readDoubleBE();
  if (serial === 6) return Number(bytes.readBigInt64BE());
  if (serial < 6) return bytes.readIntBE(0, bytes.length);
  try {
    return utf8.decode(bytes);
  } catch {
    throw new UnreadableError('a text is not UTF-8');
  }
}
