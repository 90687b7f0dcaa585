export { eraseState } from './erase-state.ts';
export { type FileLock, type SupervisorLock, tryLockFile, tryLockSupervisor } from './file-lock.ts';
export { type DatabaseInspection, inspectDatabase } from './inspect-database.ts';
export {
  describeRecovery,
  leaveRecoveryNotice,
  type RecoveryReport,
  takeRecoveryNotice,
} from './recovery/recovery-report.ts';
export { describeFileSystem, fileAt, resolveStateDir } from './state-dir.ts';
