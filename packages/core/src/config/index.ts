export { type ConfigProblem, describeConfigWarning } from './config-errors.ts';
export { isSameConfig } from './config-schema.ts';
export { dependentsAmong, withDependencies } from './dependencies.ts';
export { defaultWaitMs, parseDurationFlag, parseDurationMs } from './duration.ts';
export {
  addedServiceDocument,
  addService,
  type ConfigAdditions,
  copyConfig,
  extendConfig,
  readWrittenConfig,
  removeService,
  setupProject,
  type WrittenConfig,
} from './edit-config.ts';
export { renderLine } from './edit-text.ts';
export { defaultLogLimits, type LogLimits, type OutputMode } from './log-limits.ts';
export { misspelledKey, misspelledNames, nearestName } from './nearest-name.ts';
export { plainService } from './plain-service.ts';
export { defaultPortEnv, preferenceOf } from './port-fields.ts';
export { type ConfigReading, configReader, findConfigPath, readConfigOnce } from './read-config.ts';
export {
  findUnixTarget,
  type ReadyCheck,
  type ReadyTarget,
  recheckIntervalOf,
} from './ready-check.ts';
export { noRestart, type RestartPolicy } from './restart-policy.ts';
export type { SetupConfig } from './run-once-fields.ts';
export { ServiceNotConfiguredError } from './service-errors.ts';
export {
  findVariablePrefix,
  identifyServiceRoot,
  parseServiceName,
  parseServiceShell,
  resolveServiceRoot,
  setupName,
} from './service-fields.ts';
export { defaultStop, type StopTarget } from './stop-fields.ts';
