export {
  commandsIn,
  isOneCommand,
  programIn,
  type ScriptCall,
  scriptCallIn,
  scriptTextIn,
  withArguments,
} from './command-line.ts';
export { commandOf, type Framework, findFramework, frameworks, withFlag } from './frameworks.ts';
export { isWorker } from './workers.ts';
