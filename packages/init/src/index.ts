export { type ProjectFiles, projectFiles } from './project-files.ts';
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
