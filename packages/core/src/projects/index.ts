export { configFileName, findProject, type Project } from './find-project.ts';
export { describeProject, type ProjectContext, readProjectContext } from './project-context.ts';
