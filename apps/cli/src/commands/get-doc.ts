import { Args } from '@oclif/core';
import { getPage } from '../docs/pages.ts';
import { OwnCommand } from '../host/own-command.ts';

export default class GetDoc extends OwnCommand {
  static override summary = 'Print a page of the documentation.';
  static override args = {
    name: Args.string({
      required: true,
      ignoreStdin: true,
      description: 'Name of the page. To list all pages, run: candle list-docs.',
    }),
  };
  static override examples = [
    '<%= config.bin %> <%= command.id %> tutorial',
    '<%= config.bin %> <%= command.id %> errors | less',
  ];

  async run() {
    const { args } = await this.parse(GetDoc);
    const page = getPage(this.config.root, args.name);
    this.log(page.text.trimEnd());
    return page;
  }
}
