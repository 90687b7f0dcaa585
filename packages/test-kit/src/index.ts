export { type ProgramOptions, type ProgramResult, runProgram } from './run-program.ts';
export { type CandleOptions, openSandbox, type Sandbox } from './sandbox.ts';
export { type UntilOptions, until } from './until.ts';
