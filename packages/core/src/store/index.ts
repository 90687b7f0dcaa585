export { eraseState } from './erase-state.ts';
export { isUnwritable, type UnwritableError } from './errors.ts';
export { type FileLock, type SupervisorLock, tryLockFile, tryLockSupervisor } from './file-lock.ts';
export { type DatabaseInspection, inspectDatabase } from './inspect-database.ts';
export {
  describeRecovery,
  leaveRecoveryNotice,
  type RecoveryReport,
  takeRecoveryNotice,
} from './recovery/recovery-report.ts';
export type { RequestedKill } from './service-store.ts';
export { describeFileSystem, fileAt, isOtherFileAt, resolveStateDir } from './state-dir.ts';
export type { StoreOrMemory } from './store.ts';
export { findWriteProblem, translateStateError } from './translate-error.ts';
