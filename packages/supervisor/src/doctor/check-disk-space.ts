import { existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Check, ok, problem, warning } from './check.ts';

const mebibyte = 1024 * 1024;
/** Below this a start may fail. */
const tooLittleBytes = mebibyte;
/** A service that prints much fills this within minutes. */
const littleBytes = 200 * mebibyte;

/** Is there room to write? */
export const checkDiskSpace: Check = {
  name: 'disk space',
  run: ({ stateDir }) => {
    const dir = nearestExisting(stateDir);
    const { bavail, bsize, files, ffree } = statfsSync(dir);
    const freeBytes = bavail * bsize;
    const sentence = `${Math.floor(freeBytes / mebibyte)} MiB are free where ${stateDir} is`;
    if (files > 0 && ffree === 0)
      return [problem(`No file can be made where ${stateDir} is`, 'Remove some files there')];
    if (freeBytes < tooLittleBytes)
      return [problem(`The disk is full: ${sentence}`, 'Free some space, for example: candle kill --all')];
    if (freeBytes < littleBytes)
      return [warning(`Only ${sentence}`, 'Free some space before services print more than fits')];
    return ok(sentence);
  },
};

function nearestExisting(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestExisting(dirname(path));
}
