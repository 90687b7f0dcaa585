import { comparedBytes } from '@candle/core';

/** Of any usual file system: less than one cannot be given back. */
const diskBlockBytes = 4096;

/** Gives the disk space of a copied part of a spool back; false when the system cannot. */
export type FreeSpool = (path: string, from: number, length: number) => Promise<boolean>;

/** Up to where a spool can be freed when it is copied up to `copiedTo`: not what a truncated one is known by. */
export function freeableTo(copiedTo: number): number {
  return Math.max(0, Math.floor((copiedTo - comparedBytes) / diskBlockBytes) * diskBlockBytes);
}

/** Punches a hole, by util-linux: the file keeps its length, so that nobody who writes to it notices. */
export const punchHole: FreeSpool = async (path, from, length) => {
  const { execa } = await import('execa');
  const punched = await execa('fallocate', ['--punch-hole', '--offset', `${from}`, '--length', `${length}`, path], {
    reject: false,
    stdio: 'ignore',
  });
  return punched.exitCode === 0;
};
