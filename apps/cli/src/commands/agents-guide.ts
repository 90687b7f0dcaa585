import { Flags } from '@oclif/core';
import { agentsGuide } from '../docs/agents-guide.ts';
import { OwnCommand } from '../host/own-command.ts';

export default class AgentsGuide extends OwnCommand {
  static override summary = 'Print what to tell coding agents of Candle: a passage for AGENTS.md or CLAUDE.md.';
  static override description = 'Changes no file. How agents are set up: candle get-doc agents.';
  static override flags = {
    skill: Flags.boolean({ summary: 'A skill file instead, which an agent loads only when it is needed.' }),
  };
  static override examples = [
    '<%= config.bin %> <%= command.id %> >> AGENTS.md',
    'mkdir -p .claude/skills/candle && <%= config.bin %> <%= command.id %> --skill > .claude/skills/candle/SKILL.md',
  ];

  async run() {
    const { flags } = await this.parse(AgentsGuide);
    const text = agentsGuide(this.config.root, { asSkill: flags.skill });
    this.log(text.trimEnd());
    return { text };
  }
}
