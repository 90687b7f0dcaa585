export { type Run, signalOfExitCode } from './run.ts';
export { exitRecordedAtMs, isEarlierShimAlive, isOutputRead, isShimAlive, lastOutputMs } from './run-liveness.ts';
export { findNotedStop, findRunRecord, listRunDrafts, listRunIds, noteInRunRecord, noteStop, type RunDir, type RunRecord, readRecord, runDir, runDraft, runsDir, stopElsewhere, unwrittenRecord, writeRunRecord } from './run-record.ts';
export {
  applyEvent,
  type EndCause,
  endEvent,
  endKind,
  liveStatus,
  newRunState,
  nextStatus,
  type ProcessIdentity,
  type RunEvent,
  type RunFiles,
  type RunStatus,
  type ServiceStatus,
  serviceStatus,
  statusLabel,
} from './run-status.ts';
