export { findLauncher, isRunByAgent, type Launcher } from './caller-variables.ts';
export { localTime } from './local-time.ts';
export { makeDirectories } from './make-directories.ts';
export { readRegularFile, readSmallFile } from './read-small-file.ts';
export { findUserName } from './user-name.ts';
export {
  describeWriteProblem,
  explainError,
  isDiskFull,
  throwIfOutOfFiles,
  tryToWrite,
  unlinkIfPresent,
  writeProblemOf,
} from './write-problem.ts';
