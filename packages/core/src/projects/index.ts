export {
  type DirectoryIdentity,
  type OpenDirectory,
  openSameDirectory,
  type Trust,
  trustOf,
} from './config-trust.ts';
export { DirectoryReplacedError } from './errors.ts';
export { type FindFileDistrust, openFileTrust } from './file-trust.ts';
export {
  configFileName,
  directoriesUpwards,
  findConfigEntry,
  findGitRoot,
  findProject,
  gitDirOf,
  type Project,
  projectGone,
} from './find-project.ts';
export { describeProject, type ProjectContext, readProjectContext } from './project-context.ts';
export { listTrusted, revokeTrust, trust, trustDocument } from './trust.ts';
