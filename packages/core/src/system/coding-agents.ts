/** How to tell the commands of a coding agent from those of a person. */
interface CodingAgent {
  readonly name: string;
  /** Variables that only this agent sets, for the commands it runs. */
  readonly marks: readonly string[];
  /** Other variables of this agent, which may also be set in a person's shell. */
  readonly others?: RegExp;
}

const codingAgents: readonly CodingAgent[] = [
  { name: 'any that follows the convention', marks: ['AI_AGENT'] },
  { name: 'Claude Code', marks: ['CLAUDECODE'], others: /^CLAUDE_CODE_/ },
  { name: 'Codex', marks: ['CODEX_SANDBOX', 'CODEX_THREAD_ID', 'CODEX_CI'], others: /^CODEX_/ },
  { name: 'Copilot CLI', marks: ['COPILOT_CLI'] },
  { name: 'Cursor', marks: ['CURSOR_AGENT'], others: /^CURSOR_TRACE_ID$/ },
  { name: 'Gemini CLI', marks: ['GEMINI_CLI'] },
  { name: 'OpenCode', marks: ['OPENCODE'] },
];

/** The variables that known coding agents set for the commands they run. */
export const codingAgentMarks: readonly string[] = codingAgents.flatMap(({ marks }) => marks);

/** Whether a known coding agent runs this command. */
export function isRunByAgent(env: Readonly<Record<string, string | undefined>>): boolean {
  return codingAgentMarks.some((mark) => Boolean(env[mark]));
}

/**
 * Whether a variable belongs to a coding agent. Some dev servers behave differently when such a variable is set (`astro
 * dev` moves to the background), and a service should not depend on who started it.
 */
export function isAgentVariable(variable: string): boolean {
  return codingAgents.some(({ marks, others }) => marks.includes(variable) || others?.test(variable) === true);
}
