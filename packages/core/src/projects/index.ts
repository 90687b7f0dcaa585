export { type Trust, trustOf } from './config-trust.ts';
export { DirectoryReplacedError } from './errors.ts';
export { configFileName, findProject, type Project } from './find-project.ts';
export { type DirectoryIdentity, type OpenDirectory, openSameDirectory } from './open-directory.ts';
export { describeProject, type ProjectContext, readProjectContext } from './project-context.ts';
export { listTrusted, revokeTrust, trust, trustDocument } from './trust.ts';
