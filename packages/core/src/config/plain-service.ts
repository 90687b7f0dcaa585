import { normaliseService } from './config-schema.ts';

/** A service with all defaults. The CLI contains this value instead of this file, because the schema takes long to load. */
export const plainService = normaliseService({ name: '', shell: '' });
