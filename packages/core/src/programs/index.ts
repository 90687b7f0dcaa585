export {
  commandsIn,
  isOneCommand,
  programIn,
  type ScriptCall,
  scriptCallIn,
  scriptTextIn,
  withArguments,
} from './command-line.ts';
export { defaultPortOf, type Framework } from './framework.ts';
export { commandOf, findFramework, frameworks, withFlag } from './frameworks.ts';
export { findInstaller, type Installer } from './installs.ts';
