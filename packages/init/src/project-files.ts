import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { FindFileDistrust } from '@candle/core/projects';
import { readSmallFile } from '@candle/core/system';
import type { Note } from './proposal.ts';

/** The files of a project, by paths relative to it with `/`; `''` is the project directory itself. */
export interface ProjectFiles {
  /**
   * The text of a file; undefined if there is none.
   * @throws UnreadableFileError if it exists but is not a readable regular file of at most 1 MiB, or if others can change it
   */
  read(path: string): string | undefined;
  /** The names in a directory, sorted; empty if there is no such directory or it cannot be read. */
  list(directory: string): readonly string[];
  kindOf(path: string): 'file' | 'directory' | undefined;
}

/** A file of the project that cannot be used. The message is the predicate of a sentence about it. */
export class UnreadableFileError extends Error {
  readonly path: string;

  constructor(path: string, problem: string) {
    super(problem);
    this.path = path;
  }
}

/** The text of a file, or why it cannot be read; neither if there is no such file. */
export function readText(files: ProjectFiles, path: string): { readonly text?: string; readonly problem?: Note } {
  try {
    const text = files.read(path);
    return text === undefined ? {} : { text: text.replace(/^\uFEFF/, '') };
  } catch (error) {
    if (!(error instanceof UnreadableFileError)) throw error;
    return { problem: { place: { file: path }, text: error.message } };
  }
}

/** More than a hand-written directory has; of larger ones, only the beginning is searched. */
const maxEntries = 2_000;

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'cannot be read: permission denied',
  EPERM: 'cannot be read: permission denied',
  ELOOP: 'is a symbolic link to itself',
  EISDIR: 'is a directory',
  NOT_REGULAR: 'is not a regular file',
  TOO_LARGE: 'is larger than 1 MiB',
};

/** @param findDistrust why a file is not used although it can be read, because it decides about commands */
export function projectFiles(projectDir: string, findDistrust: FindFileDistrust = () => undefined): ProjectFiles {
  return {
    read(path) {
      const distrust = findDistrust(path);
      if (distrust !== undefined) throw new UnreadableFileError(path, distrust);
      try {
        return readSmallFile(join(projectDir, path));
      } catch (error) {
        const { code = '' } = error as NodeJS.ErrnoException;
        if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
        throw new UnreadableFileError(path, reasons[code] ?? `cannot be read (${code})`);
      }
    },
    list(directory) {
      try {
        return readdirSync(join(projectDir, directory)).sort().slice(0, maxEntries);
      } catch {
        return [];
      }
    },
    kindOf(path) {
      try {
        const stats = statSync(join(projectDir, path));
        return stats.isDirectory() ? 'directory' : stats.isFile() ? 'file' : undefined;
      } catch {
        return undefined;
      }
    },
  };
}
