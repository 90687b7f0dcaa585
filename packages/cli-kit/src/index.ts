export { CandleCommand, ProjectCommand } from './candle-command.ts';
export * from './events.ts';
export { type CandleHost, hostOf, withHost } from './host.ts';
export { toUsageError, UsageError } from './usage-error.ts';
