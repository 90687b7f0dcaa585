export type { Candle } from './candle.ts';
export { addedServiceDocument } from './config/added-service-document.ts';
export { type Dependent, findCycle } from './config/dependencies.ts';
export { defaultWaitMs, parseDurationMs } from './config/duration.ts';
export { parseDurationFlag } from './config/duration-errors.ts';
export { addService, removeService, setupProject } from './config/edit-config.ts';
export { ServiceNotConfiguredError } from './config/errors.ts';
export { defaultLogLimits, type LogLimits } from './config/log-limits.ts';
export { nearestName } from './config/nearest-name.ts';
export { preferenceOf } from './config/port-fields.ts';
export { readConfig, readConfigOnce } from './config/read-config.ts';
export { defaultReadyCheck, type ReadyCheck, type ReadyTarget } from './config/ready-check.ts';
export { noRestart, type RestartPolicy } from './config/restart-policy.ts';
export type { ProjectConfig, ServiceConfig } from './config/service-config.ts';
export { parseServiceName } from './config/service-name.ts';
export { resolveServiceRoot } from './config/service-root.ts';
export { parseServiceShell } from './config/service-shell.ts';
export { shellWord } from './config/shell-word.ts';
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
export { printable, quote, showPath } from './errors/quote.ts';
export * from './events/candle-event.ts';
export * from './events/event-queue.ts';
export * from './events/hook-failures.ts';
export { type ClearedService, clearLogs } from './logs/clear-logs.ts';
export { cutText } from './logs/cut-line.ts';
export { lastLinesHint } from './logs/errors.ts';
export { type FollowStart, followLogs } from './logs/follow-logs.ts';
export { followRun } from './logs/follow-run.ts';
export { GrowthWatch } from './logs/growth-watch.ts';
export { idleGapMs } from './logs/idle-gaps.ts';
export { readLastLines } from './logs/last-lines.ts';
export { type LinePattern, linePattern } from './logs/line-pattern.ts';
export { cursorText, parseCursor } from './logs/log-cursor.ts';
export * from './logs/log-document.ts';
export type { LogEntry, LogMark } from './logs/log-entry.ts';
export * from './logs/log-position.ts';
export { parseLogTime } from './logs/log-time.ts';
export { logs, type ServiceLog } from './logs/logs.ts';
export { MessageSearch } from './logs/message-search.ts';
export { defaultLineCount, parseCount } from './logs/parse-count.ts';
export { type OutputRange, RunLog } from './logs/run-log.ts';
export * from './logs/segments.ts';
export { comparedBytes, compareSpool, openSpoolToAppend } from './logs/spool.ts';
export * from './logs/time-index.ts';
export { type FoundMessage, parseTimeout, waitForLog } from './logs/wait-for-log.ts';
export { candleForCall, openCandle } from './open-candle.ts';
export type { PortClaim } from './ports/claim-port.ts';
export { InvalidPortError, PortNotAvailableError } from './ports/errors.ts';
export type { PortPreference } from './ports/port-preference.ts';
export { parsePort, parsePortOrAuto, reservablePortHint } from './ports/port-range.ts';
export type { PortFallback } from './ports/port-search.ts';
export { serviceUrl } from './ports/service-url.ts';
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
export { signalOfExitCode } from './runs/exit-signal.ts';
export * from './runs/run.ts';
export * from './runs/run-dir.ts';
export * from './runs/run-record.ts';
export * from './runs/run-status.ts';
export { dependentsAmong, withDependencies } from './services/dependency-order.ts';
export { type EnvFileVariables, readEnvFiles } from './services/env-files.ts';
export * from './services/errors.ts';
export * from './services/known-services.ts';
export * from './services/pending-restart.ts';
export { findVariablePrefix, type PortVariable, portVariables } from './services/port-variables.ts';
export * from './services/service.ts';
export * from './services/service-definition.ts';
export { resolveEnv, resolveTemplates, type TemplateValues } from './services/templates/resolve-templates.ts';
export { referencedServices } from './services/templates/template-fields.ts';
export { eraseState } from './store/erase-state.ts';
export { fileAt } from './store/file-at.ts';
export { type FileLock, tryLockFile } from './store/file-lock.ts';
export { type DatabaseInspection, inspectDatabase } from './store/inspect-database.ts';
export {
  describeRecovery,
  leaveRecoveryNotice,
  type RecoveryReport,
  takeRecoveryNotice,
} from './store/recovery/recovery-report.ts';
export { describeFileSystem, resolveStateDir } from './store/state-dir.ts';
export { type SupervisorLock, tryLockSupervisor } from './store/supervisor-lock.ts';
export { isAgentVariable, isRunByAgent } from './system/coding-agents.ts';
export { isDiskFull } from './system/disk-full.ts';
export { localTime } from './system/local-time.ts';
export * from './use-cases.ts';
