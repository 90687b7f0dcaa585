import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OwnCommand } from '../host/own-command.ts';

export default class ConfigSchema extends OwnCommand {
  static override summary = 'Print the JSON Schema of .candle.json, for use in editors.';
  static override description =
    'If Candle is a dependency of the project, an editor only needs "$schema": "./node_modules/@candle/cli/config.schema.json" in the file; setup-project and add-service write it there. Otherwise, save the output of this command to a file and set "$schema" to its path.';
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
