import { listPages } from '../docs/pages.ts';
import { OwnCommand } from '../host/own-command.ts';

export default class ListDocs extends OwnCommand {
  static override summary = 'List the pages of the documentation.';
  static override examples = ['<%= config.bin %> <%= command.id %>'];

  async run() {
    await this.parse(ListDocs);
    const docs = listPages(this.config.root).map(({ name, title }) => ({ name, title }));
    this.log(this.host.present.table([['NAME', 'TITLE'], ...docs.map(({ name, title }) => [name, title])]));
    return { docs };
  }
}
