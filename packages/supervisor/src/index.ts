export { openBrowser } from './browser/open-browser.ts';
export { type SupervisorErrorCode, supervisorErrors } from './catalogue.ts';
export { attendSupervisor } from './client/attend-supervisor.ts';
export { reviveSupervisor } from './client/ensure-supervisor.ts';
export type { SupervisorProgram } from './client/start-watchdog.ts';
export { type Outcomes, throwFailures } from './dependencies/outcomes.ts';
export type { OnProgress, StartProgress } from './dependencies/start-in-order.ts';
export type { CheckStatus } from './doctor/check.ts';
export { type CheckedThing, doctor } from './doctor/doctor.ts';
export * from './erase/erase-database.ts';
export { describeErasable, type ErasableState, EraseNotConfirmedError } from './erase/errors.ts';
export type { HookAnswer } from './events/hook-process.ts';
export { notifyPlugins } from './events/notify-plugins.ts';
export { exec } from './exec/exec.ts';
export { listOwnedRuns, stopOwnedRuns } from './foreground/owned-runs.ts';
export { send } from './input/send.ts';
export type { StartedService } from './launch/confirm-run.ts';
export { describeExit } from './launch/errors.ts';
export type { DroppedVariable, Variable, VariableSource } from './launch/service-environment.ts';
export type { CheckedPort } from './port-check/check-port.ts';
export { describePortCheck, takeUnreservedReport } from './port-check/check-port.ts';
export {
  describeCircumstances,
  describeContainer,
  describePortOwner,
  describeServiceOf,
  showCommand,
} from './ports/describe-port-owner.ts';
export { listReservedPorts, type ReservedPort, reservedPortsDocument } from './ports/list-reserved-ports.ts';
export type { PortOwner, PortReport } from './ports/port-report.ts';
export { portReportDocument } from './ports/port-report.ts';
export { whoHas } from './ports/who-has.ts';
export { checkStart } from './services/check-start.ts';
export { down, type StoppedServices } from './services/down.ts';
export { env, envDocument, type ServiceEnv } from './services/env.ts';
export { type ChosenService, type KilledService, kill } from './services/kill.ts';
export { type ListedService, list } from './services/list.ts';
export { listPorts, portsDocument, type ServicePort } from './services/list-ports.ts';
export type { OnNewCommands, ServiceCommands } from './services/new-commands.ts';
export { findProblem, type OverviewService, overview, type ProjectOverview } from './services/overview.ts';
export type { PortChanges } from './services/prepare-ports.ts';
export { restart } from './services/restart.ts';
export { type StartedServices, type StartInput, start } from './services/start.ts';
export {
  downDocument,
  killedDocument,
  overviewDocument,
  readyDocument,
  sentDocument,
  servicesDocument,
  startDocument,
  upDocument,
} from './services/start-document.ts';
export { areOver, type PlannedService, type UpServices, up } from './services/up.ts';
export { url, urlsDocument } from './services/url.ts';
export { waitForReady } from './services/wait-for-ready.ts';
export { describeProcesses, type OnWaiting, type StopEvent } from './stop/stop-event.ts';
export { type Supervision, type SupervisorTrouble, superviseWith } from './supervision.ts';
export { findCompose, isTracked } from './tools/project-tools.ts';
export { runTool, type ToolResult } from './tools/run-tool.ts';
