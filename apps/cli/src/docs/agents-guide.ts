import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the section goes in the skill file. */
const passageMark = '<!-- passage -->\n';

/** The instructions for coding agents: a section for AGENTS.md or CLAUDE.md, or a complete SKILL.md that contains it. */
export function agentsGuide(packageRoot: string, { asSkill }: { asSkill: boolean }): string {
  const read = (file: string) => readFileSync(join(packageRoot, 'agents', file), 'utf8');
  const passage = read('passage.md');
  return asSkill ? read('skill.md').replace(passageMark, () => passage) : passage;
}
