export {
  commandsIn,
  isOneCommand,
  programIn,
  type ScriptCall,
  scriptCallIn,
  scriptTextIn,
  withArguments,
} from './command-line.ts';
export { defaultPortOf } from './default-ports.ts';
export { commandOf, type Framework, findFramework, frameworks, withFlag } from './frameworks.ts';
export { findInstaller } from './installs.ts';
