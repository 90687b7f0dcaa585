export { findPackages, isInstalled, type PackagesFinding } from './packages/find-packages.ts';
export { type DatedFiles, type ProjectFiles, projectFiles } from './project-files.ts';
export type {
  Finding,
  Note,
  Place,
  ProposedPort,
  ProposedService,
  WrittenPort,
  WrittenService,
  WrittenSetup,
} from './proposal.ts';
