import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface UnusableStateDir {
  readonly title: string;
  readonly code: string;
  /** The part of the message after the colon; `ROOT` is replaced by the sandbox's directory. */
  readonly reason: string;
  /** Prepares the path in the sandbox's directory and returns it. */
  readonly make: (root: string) => string;
}

const notADirectory = 'STATE_NOT_A_DIRECTORY';
const unusable = 'STATE_PATH_UNUSABLE';
const tooLong = 'the path, or a name in it, is too long';

/** Paths that cannot be used as a state directory. */
export const unusableStateDirs: readonly UnusableStateDir[] = [
  {
    title: 'is a file',
    code: notADirectory,
    reason: 'it is not a directory',
    make: (root) => {
      writeFileSync(join(root, 'file'), 'mine');
      return join(root, 'file');
    },
  },
  {
    title: 'has a file in its path',
    code: notADirectory,
    reason: 'ROOT/file is not a directory',
    make: (root) => {
      writeFileSync(join(root, 'file'), 'mine');
      return join(root, 'file/deep/state');
    },
  },
  {
    title: 'is in a directory that cannot contain directories',
    code: unusable,
    reason: '/proc/candle cannot be created',
    make: () => '/proc/candle/state',
  },
  {
    title: 'is a broken link',
    code: unusable,
    reason: 'it is a symbolic link that does not lead to a directory',
    make: (root) => {
      symlinkSync('nowhere', join(root, 'link'));
      return join(root, 'link');
    },
  },
  {
    title: 'is below a broken link',
    code: unusable,
    reason: 'ROOT/link is a symbolic link that does not lead to a directory',
    make: (root) => {
      symlinkSync('nowhere', join(root, 'link'));
      return join(root, 'link/state');
    },
  },
  {
    title: 'is a link to itself',
    code: unusable,
    reason: 'a symbolic link in it leads to itself',
    make: (root) => {
      symlinkSync('loop', join(root, 'loop'));
      return join(root, 'loop');
    },
  },
  {
    title: 'has a name of 300 characters',
    code: unusable,
    reason: tooLong,
    make: (root) => join(root, 'x'.repeat(300)),
  },
  {
    title: 'has a path of 5,000 characters',
    code: unusable,
    reason: tooLong,
    make: (root) => join(root, `/${'x'.repeat(200)}`.repeat(25)),
  },
];
