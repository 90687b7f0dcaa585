export { isAgentVariable, isRunByAgent } from './coding-agents.ts';
export { localTime } from './local-time.ts';
export { describeWriteProblem, isDiskFull, writeProblemOf } from './write-problem.ts';
