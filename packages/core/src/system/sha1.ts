/**
 * The SHA-1 of a text, in hexadecimal digits: the same as `hash('sha1', text)` of node:crypto, which takes longer to load than
 * the answer of a short command. For fingerprints, not for signatures.
 */
export function sha1(text: string): string {
  const message = padded(Buffer.from(text));
  const schedule = new DataView(new ArrayBuffer(80 * 4));
  const word = (index: number) => schedule.getUint32(index * 4);
  let state: State = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];
  for (let block = 0; block < message.length; block += 64) {
    for (let index = 0; index < 16; index++) schedule.setUint32(index * 4, message.readUInt32BE(block + index * 4));
    for (let index = 16; index < 80; index++) {
      const value = word(index - 3) ^ word(index - 8) ^ word(index - 14) ^ word(index - 16);
      schedule.setUint32(index * 4, rotate(value, 1));
    }
    let [a, b, c, d, e] = state;
    for (let index = 0; index < 80; index++) {
      const next = (rotate(a, 5) + mix(index, b, c, d) + e + word(index)) | 0;
      [a, b, c, d, e] = [next, a, rotate(b, 30), c, d];
    }
    const [h0, h1, h2, h3, h4] = state;
    state = [(h0 + a) | 0, (h1 + b) | 0, (h2 + c) | 0, (h3 + d) | 0, (h4 + e) | 0];
  }
  return state.map((part) => (part >>> 0).toString(16).padStart(8, '0')).join('');
}

type State = readonly [number, number, number, number, number];

/** The message, a 1 bit, zeros, and the length of the message in bits, in blocks of 64 bytes. */
function padded(bytes: Buffer): Buffer {
  const blocks = Buffer.alloc(Math.ceil((bytes.length + 9) / 64) * 64);
  bytes.copy(blocks);
  blocks[bytes.length] = 0x80;
  blocks.writeBigUInt64BE(BigInt(bytes.length) * 8n, blocks.length - 8);
  return blocks;
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

/** The function and the constant of a round. */
function mix(index: number, b: number, c: number, d: number): number {
  if (index < 20) return ((b & c) | (~b & d)) + 0x5a827999;
  if (index < 40) return (b ^ c ^ d) + 0x6ed9eba1;
  if (index < 60) return ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
  return (b ^ c ^ d) + 0xca62c1d6;
}
