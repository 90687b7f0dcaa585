export { isAgentVariable, isRunByAgent } from './coding-agents.ts';
export { localTime } from './local-time.ts';
export { describeWriteProblem, isDiskFull, type WriteProblem, writeProblemOf } from './write-problem.ts';
