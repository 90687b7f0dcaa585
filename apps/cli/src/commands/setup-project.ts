import { setupProject } from '@candle/core';
import { OwnCommand } from '../host/own-command.ts';

export default class SetupProject extends OwnCommand {
  static override summary = 'Write an empty .candle.json into the current directory, or say where one already is.';
  static override examples = ['<%= config.bin %> <%= command.id %>'];

  async run() {
    await this.parse(SetupProject);
    const { path, created } = await setupProject(this.host.currentDirectory);
    this.log(created ? `Created ${path}` : `There already is one: ${path}`);
    if (created) this.noteNext("candle add-service NAME --shell 'COMMAND'");
    return { path, created };
  }
}
