import { Args } from '@oclif/core';
import { getPage, listTitles, titleRows } from '../docs/pages.ts';
import { OwnCommand } from '../host/own-command.ts';
import { renderTable, stdoutStyle } from '../present/format.ts';

export default class GetDoc extends OwnCommand {
  static override summary = 'Print a page of the documentation.';
  static override args = {
    name: Args.string({
      ignoreStdin: true,
      description: 'Name of the page. If omitted, lists all pages, as candle list-docs does.',
    }),
  };
  static override examples = [
    '<%= config.bin %> <%= command.id %> tutorial',
    '<%= config.bin %> <%= command.id %> errors | less',
  ];

  async run() {
    const { args } = await this.parse(GetDoc);
    if (args.name === undefined) {
      const docs = listTitles(this.config.root);
      this.log(renderTable(titleRows(docs), stdoutStyle()));
      return { docs };
    }
    const page = getPage(this.config.root, args.name);
    this.log(page.text.trimEnd());
    return page;
  }
}
