export { apiVersion } from './api-version.ts';
export * as Args from './args.ts';
export { CandleCommand, CommandProject, ProjectCommand, projectFlags } from './base-commands.ts';
export type * from './documents/events.ts';
export type * from './documents/logs.ts';
export type * from './documents/ports.ts';
export type * from './documents/services.ts';
export { type CandleFailure, isCandleError, PluginError, type PluginErrorParts } from './errors.ts';
export * from './events.ts';
export * as Flags from './flags.ts';
export {
  type CandleHost,
  type HostCarrier,
  hostOf,
  type PluginOfCommand,
  type Presenters,
  type Project,
  type ProjectQuestion,
  withHost,
} from './host.ts';
export type * from './logs.ts';
export type * from './reservations.ts';
export type * from './services.ts';
export { toUsageError, UsageError } from './usage-error.ts';
