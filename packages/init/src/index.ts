export { initErrors, ProjectNotConfiguredError, renderPlace } from './errors.ts';
export { type ComposeState, type InitDecision, type InitHost, type InitOffer, type InitResult, init } from './init.ts';
export { initDocument } from './init-document.ts';
export type { Note } from './proposal.ts';
