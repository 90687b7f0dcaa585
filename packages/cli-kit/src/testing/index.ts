export { openSandbox, type PluginSandbox, type SandboxOptions } from './open-sandbox.ts';
export { CommandResult, type RunOptions } from './run-candle.ts';
