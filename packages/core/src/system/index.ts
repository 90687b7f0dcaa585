export { isAgentVariable, isRunByAgent } from './coding-agents.ts';
export { isDiskFull } from './disk-full.ts';
export { localTime } from './local-time.ts';
export { readSmallFile } from './read-small-file.ts';
