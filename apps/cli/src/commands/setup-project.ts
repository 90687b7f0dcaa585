import { setupProject } from '@candle/core/config';
import { OwnCommand } from '../host/own-command.ts';

export default class SetupProject extends OwnCommand {
  static override summary =
    'Create an empty .candle.json in the current directory, or report where one already exists.';
  static override examples = ['<%= config.bin %> <%= command.id %>'];

  async run() {
    await this.parse(SetupProject);
    const { path, created } = await setupProject(this.host.trust, this.host.currentDirectory);
    this.log(created ? `Created ${path}` : `Already exists: ${path}`);
    if (created) this.noteNext("candle add-service NAME --shell 'COMMAND'");
    return { path, created };
  }
}
