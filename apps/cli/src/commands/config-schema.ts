import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OwnCommand } from '../host/own-command.ts';

export default class ConfigSchema extends OwnCommand {
  static override summary = 'Print the JSON Schema of .candle.json, for editors.';
  static override description =
    'Where Candle is a dependency of the project, "$schema": "./node_modules/@candle/cli/config.schema.json" in the file is all that an editor needs; setup-project and add-service write it there. Elsewhere, save what this prints and name that file.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> > .vscode/candle.schema.json',
  ];

  async run() {
    await this.parse(ConfigSchema);
    const text = readFileSync(join(this.config.root, 'config.schema.json'), 'utf8');
    this.log(text.trimEnd());
    return JSON.parse(text) as object;
  }
}
