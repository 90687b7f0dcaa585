import { listTitles, titleRows } from '../docs/pages.ts';
import { OwnCommand } from '../host/own-command.ts';
import { renderTable, stdoutStyle } from '../present/format.ts';

export default class ListDocs extends OwnCommand {
  static override summary = 'List the pages of the documentation.';
  static override examples = ['<%= config.bin %> <%= command.id %>'];

  async run() {
    await this.parse(ListDocs);
    const docs = listTitles(this.config.root);
    this.log(renderTable(titleRows(docs), stdoutStyle()));
    return { docs };
  }
}
