export type { Candle } from './candle.ts';
export { candleForCall, openCandle } from './candle.ts';
export type { ProjectConfig, ServiceConfig } from './config/config-schema.ts';
export { type Dependent, dependentsAmong, findCycle, withDependencies } from './config/dependencies.ts';
export { defaultWaitMs, parseDurationFlag, parseDurationMs } from './config/duration.ts';
export { addedServiceDocument, addService, removeService, setupProject } from './config/edit-config.ts';
export { ServiceNotConfiguredError } from './config/errors.ts';
export { defaultLogLimits, type LogLimits } from './config/log-limits.ts';
export { nearestName } from './config/nearest-name.ts';
export { preferenceOf } from './config/port-fields.ts';
export { readConfig, readConfigOnce } from './config/read-config.ts';
export { defaultReadyCheck, type ReadyCheck, type ReadyTarget } from './config/ready-check.ts';
export { noRestart, type RestartPolicy } from './config/restart-policy.ts';
export { parseServiceName, parseServiceShell, resolveServiceRoot } from './config/service-fields.ts';
export {
  CandleError,
  type CandleErrorParts,
  type ErrorClass,
  type ErrorCodeIn,
  errorClassesIn,
  isCandleError,
} from './errors/candle-error.ts';
export { type CoreErrorCode, coreErrors } from './errors/catalogue.ts';
export * from './errors/hint.ts';
export { printable, quote, shellWord, showPath } from './errors/quote.ts';
export * from './events/candle-event.ts';
export {
  describeHookFailure,
  enqueueEvent,
  eventsDir,
  forgetHookFailure,
  type HookedPlugin,
  type HookFailure,
  hookFailureHint,
  hookLogPath,
  listHookFailures,
  type QueuedEvent,
  recordHookFailure,
  takeEvents,
  takeHookNotice,
} from './events/event-queue.ts';
export { type ClearedService, clearLogs } from './logs/clear-logs.ts';
export { lastLinesHint } from './logs/errors.ts';
export { type FollowStart, followLogs } from './logs/follow-logs.ts';
export { followRun } from './logs/follow-output.ts';
export { readLastLines } from './logs/lines-backward.ts';
export type { LogEntry, LogMark } from './logs/log-entry.ts';
export { defaultLineCount, type LinePattern, linePattern, parseCount, parseLogTime } from './logs/log-options.ts';
export {
  comparePositions,
  cursorText,
  findPosition,
  type LogPosition,
  logBeginning,
  parseCursor,
  positionText,
} from './logs/log-position.ts';
export { logEntryDocument, logs, logsDocument, type ServiceLog } from './logs/logs.ts';
export { GrowthWatch, idleGapMs } from './logs/output-watch.ts';
export { cutText } from './logs/read-run.ts';
export { type OutputRange, RunLog } from './logs/run-log.ts';
export {
  comparedBytes,
  compareSpool,
  decodeTimeRecords,
  encodeTimeRecord,
  findTimeRecord,
  listSegments,
  openSpoolToAppend,
  readTimeIndex,
  type Segment,
  segmentAt,
  segmentLength,
  type TimeRecord,
  timeRecordSize,
} from './logs/segments.ts';
export { type FoundMessage, MessageSearch, parseTimeout, waitForLog } from './logs/wait-for-log.ts';
export type { PortClaim, PortFallback } from './ports/claim-port.ts';
export { InvalidPortError, PortNotAvailableError } from './ports/errors.ts';
export type { PortPreference } from './ports/port-preference.ts';
export { parsePort, parsePortOrAuto, reservablePortHint, serviceUrl } from './ports/port-range.ts';
export { configFileName, findProject, type Project } from './projects/find-project.ts';
export { describeProject, type ProjectContext, readProjectContext } from './projects/project-context.ts';
export { getOrReservePort } from './reservations/get-or-reserve-port.ts';
export { getReservedPort } from './reservations/get-reserved-port.ts';
export { type MovePortsRequest, movePorts, type PortMove } from './reservations/move-ports.ts';
export { releasePorts } from './reservations/release-ports.ts';
export { type Reservation, withNewReservations } from './reservations/reservation.ts';
export * from './reservations/reservation-document.ts';
export {
  type ConfiguredPorts,
  type ConfiguredPortsRequest,
  reserveConfiguredPorts,
} from './reservations/reserve-configured-ports.ts';
export { reservePort } from './reservations/reserve-port.ts';
export { type NewRun, type Run, signalOfExitCode } from './runs/run.ts';
export {
  currentEndReason,
  exitRecordedAtMs,
  findRunRecord,
  isEarlierShimAlive,
  isRunOver,
  isShimAlive,
  listRunIds,
  listRunRecords,
  noteInRunRecord,
  type RunDir,
  type RunRecord,
  readRecord,
  runDir,
  runsDir,
  unwrittenRecord,
  writeRunRecord,
} from './runs/run-record.ts';
export * from './runs/run-status.ts';
export { type EnvFileVariables, readEnvFiles } from './services/env-files.ts';
export * from './services/errors.ts';
export * from './services/known-services.ts';
export * from './services/pending-restart.ts';
export { findVariablePrefix, type PortVariable, portVariables } from './services/port-variables.ts';
export {
  configuredDefinition,
  fingerprint,
  type RequestVerb,
  type ResolvedDefinition,
  type ServiceDefinition,
  type ServiceKey,
  type ServiceRecord,
  transientDefinition,
} from './services/service.ts';
export {
  referencedServices,
  resolveEnv,
  resolveTemplates,
  type TemplateValues,
} from './services/templates/resolve-templates.ts';
export { eraseState } from './store/erase-state.ts';
export { type FileLock, type SupervisorLock, tryLockFile, tryLockSupervisor } from './store/file-lock.ts';
export { type DatabaseInspection, inspectDatabase } from './store/inspect-database.ts';
export {
  describeRecovery,
  leaveRecoveryNotice,
  type RecoveryReport,
  takeRecoveryNotice,
} from './store/recovery/recovery-report.ts';
export { describeFileSystem, fileAt, resolveStateDir } from './store/state-dir.ts';
export { isAgentVariable, isRunByAgent } from './system/coding-agents.ts';
export { isDiskFull } from './system/disk-full.ts';
export { localTime } from './system/local-time.ts';
export * from './use-cases.ts';
