export { isAgentVariable, isRunByAgent } from './coding-agents.ts';
export { isDiskFull } from './disk-full.ts';
export { localTime } from './local-time.ts';
export { findUserName } from './user-name.ts';
