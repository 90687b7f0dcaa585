/** How the commands of one coding agent can be told from those of a person. */
interface CodingAgent {
  readonly name: string;
  /** It sets these for the commands it runs, and nobody else does. */
  readonly marks: readonly string[];
  /** What else speaks of it; a person's shell may have it too. */
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

/** The variables by which a known coding agent marks the commands it runs. */
export const codingAgentMarks: readonly string[] = codingAgents.flatMap(({ marks }) => marks);

/** Is this command run by a known coding agent? */
export function isRunByAgent(env: Readonly<Record<string, string | undefined>>): boolean {
  return codingAgentMarks.some((mark) => Boolean(env[mark]));
}

/**
 * Does a variable speak of a coding agent? Some dev servers change their behaviour on it (`astro dev` puts itself in the
 * background), and a service should not depend on who has started it.
 */
export function speaksOfAgent(variable: string): boolean {
  return codingAgents.some(({ marks, others }) => marks.includes(variable) || others?.test(variable) === true);
}
