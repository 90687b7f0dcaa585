import { normaliseService, type ServiceConfig } from './config-schema.ts';
import { defaultReadyCheck, type ReadyCheck } from './ready-check.ts';

/** A service with all defaults. The CLI contains this value instead of this file, because the schema takes long to load. */
export const plainService: ServiceConfig & { readonly ready: ReadyCheck } = {
  ...normaliseService({ name: '', shell: '' }),
  ready: defaultReadyCheck,
};
