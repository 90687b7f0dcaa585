export { type EnvFileVariables, lineOfVariable, listUsualEnvFiles, readEnvFiles } from './env-files.ts';
export { NoServicesError, ServiceIsConfiguredError, ServiceNameTakenError, UnknownServiceError } from './errors.ts';
export { findDefinition, type KnownServices, readKnownServices, readNaming, resolveNames } from './known-services.ts';
export {
  applyRestartEvent,
  isRestartPending,
  lastedMs,
  type Moment,
  msUntilRestart,
  noPendingRestart,
  type PendingRestart,
  type RestartEvent,
} from './pending-restart.ts';
export { type PortVariable, portVariables } from './port-variables.ts';
export {
  changedSettings,
  fingerprint,
  hashSettings,
  hasSameSettings,
  preferredPorts,
  type ResolvedDefinition,
  type ServiceDefinition,
  type ServiceKey,
  type ServiceRecord,
  type SettingHashes,
  setupDefinition,
  transientDefinition,
} from './service.ts';
export {
  type Addressed,
  browserUrlsOf,
  findOtherProtocol,
  findUrl,
  mayUseTls,
  type PortNaming,
  serviceUrl,
} from './service-url.ts';
export {
  checkResolvedExpression,
  referencedPorts,
  resolveEnv,
  resolveTemplates,
} from './templates/resolve-templates.ts';
