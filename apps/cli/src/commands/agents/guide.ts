import { Flags } from '@oclif/core';
import { agentsGuide } from '../../docs/pages.ts';
import { OwnCommand } from '../../host/own-command.ts';

export default class AgentsGuide extends OwnCommand {
  static override summary = 'Print instructions for coding agents: a section for AGENTS.md or CLAUDE.md.';
  static override description =
    'Does not change any files. To read how to set up coding agents, run: candle get-doc agents.';
  /** Its name in earlier versions. */
  static override hiddenAliases = ['agents-guide'];
  static override flags = {
    skill: Flags.boolean({ summary: 'Print a skill file instead, which an agent loads only when it needs it.' }),
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
