import { existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { advise, candle } from '@candle/core';
import { type Check, ok, problem, warning } from './check.ts';

const mebibyte = 1024 * 1024;
/** Below this a start may fail. */
const tooLittleBytes = mebibyte;
/** A service with a lot of output can fill this within minutes. */
const littleBytes = 200 * mebibyte;

/** Checks that there is enough free disk space. */
export const checkDiskSpace: Check = {
  name: 'disk space',
  run: ({ stateDir }) => {
    const dir = nearestExisting(stateDir);
    const { bavail, bsize, files, ffree } = statfsSync(dir);
    const freeBytes = bavail * bsize;
    const sentence = `${Math.floor(freeBytes / mebibyte)} MiB free on the file system of ${stateDir}`;
    if (files > 0 && ffree === 0)
      return [problem(`No more files can be created on the file system of ${stateDir}`, 'Delete some files there')];
    if (freeBytes < tooLittleBytes)
      return [
        problem(`The disk is full: ${sentence}`, advise('Free some disk space, for example', candle('kill-all'))),
      ];
    if (freeBytes < littleBytes)
      return [warning(`Only ${sentence}`, 'Free some disk space before the output of services fills the disk')];
    return ok(sentence);
  },
};

function nearestExisting(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestExisting(dirname(path));
}
