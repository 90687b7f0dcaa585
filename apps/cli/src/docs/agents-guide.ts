import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where in the skill the passage stands. */
const passageMark = '<!-- passage -->\n';

/** What coding agents are told of Candle: a passage for AGENTS.md or CLAUDE.md, or a whole SKILL.md around it. */
export function agentsGuide(packageRoot: string, { asSkill }: { asSkill: boolean }): string {
  const read = (file: string) => readFileSync(join(packageRoot, 'agents', file), 'utf8');
  const passage = read('passage.md');
  return asSkill ? read('skill.md').replace(passageMark, () => passage) : passage;
}
