import { comparedBytes } from '@candle/core';

/** Block size of common file systems: only whole blocks can be freed. */
const diskBlockBytes = 4096;

/** Frees the disk space of a copied part of a spool. Returns false if the system does not support it. */
export type FreeSpool = (path: string, from: number, length: number) => Promise<boolean>;

/**
 * Up to where a spool can be freed if it is copied up to `copiedTo`. Keeps the bytes that are needed to detect a truncation.
 */
export function freeableTo(copiedTo: number): number {
  return Math.max(0, Math.floor((copiedTo - comparedBytes) / diskBlockBytes) * diskBlockBytes);
}

/** Punches a hole with util-linux. The file keeps its length, so the programs that write to it do not notice. */
export const punchHole: FreeSpool = async (path, from, length) => {
  const { execa } = await import('execa');
  const punched = await execa('fallocate', ['--punch-hole', '--offset', `${from}`, '--length', `${length}`, path], {
    reject: false,
    stdio: 'ignore',
  });
  return punched.exitCode === 0;
};
