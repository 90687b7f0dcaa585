export {
  commandsIn,
  isOneCommand,
  programIn,
  type ScriptCall,
  scriptCallIn,
  scriptTextIn,
  withArguments,
} from './command-line.ts';
export { isDataStoreName } from './data-stores.ts';
export { defaultPortOf } from './default-ports.ts';
export type { Framework } from './framework.ts';
export { commandOf, findFramework, findNamedFramework, frameworks, isNodeFramework, withFlag } from './frameworks.ts';
export { findInstaller } from './installs.ts';
export { isWorker } from './workers.ts';
