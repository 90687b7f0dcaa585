import { existsSync } from 'node:fs';
import { setupProject } from '@candle/core/config';
import { OwnCommand } from '../host/own-command.ts';

export default class SetupProject extends OwnCommand {
  static override summary =
    'Create an empty .candle.json in the current directory, or report where one already exists.';
  static override examples = ['<%= config.bin %> <%= command.id %>'];

  async run() {
    await this.parse(SetupProject);
    const { currentDirectory } = this.host;
    // Throws, because the directory was deleted.
    if (!existsSync(currentDirectory)) await this.host.findProject({ requireDirectory: true });
    const { path, created } = await setupProject(this.host.trust, currentDirectory);
    this.log(created ? `Created ${path}` : `Already exists: ${path}`);
    if (created) this.noteNext("candle add-service NAME --shell 'COMMAND'");
    return { path, created };
  }
}
