import { resolve } from 'node:path';
import { UsageError } from '@candle/cli-kit';
import { advise, candle, showPath } from '@candle/core/errors';
import { initDocument } from '@candle/init';
import { Flags } from '@oclif/core';
import { hasTerminal, initProject } from '../base-commands/init-project.ts';
import { OwnProjectCommand } from '../host/own-command.ts';
import { renderWritten } from '../present/init.ts';

export default class Init extends OwnProjectCommand {
  static override summary = 'Find the services of a project in its files, and write them to .candle.json.';
  static override description =
    'Reads Procfiles, package.json files, Compose files and others, and shows each service with the file that it comes from. On a terminal, it asks which services to write. Otherwise, it prints what it would write as JSON, and writes only with --yes. An existing file only gains what is missing.';
  static override flags = {
    yes: Flags.boolean({ char: 'y', summary: 'Write all selected services without a question.' }),
    from: Flags.string({
      helpValue: 'FILE',
      summary: 'Use only this file, for example Procfile or apps/web/package.json.',
    }),
    'from-main': Flags.boolean({
      summary: 'In a git worktree, copy the .candle.json of the main checkout, if git does not track it.',
      exclusive: ['from'],
    }),
  };
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --yes',
    '<%= config.bin %> <%= command.id %> --from Procfile.dev',
  ];

  override readonly reportsConfig = true;

  async run() {
    const { flags } = await this.parse(Init);
    const { yes, 'from-main': fromMain } = flags;
    if (flags.from === '') throw new UsageError('--from must not be empty', this.id);
    const from = flags.from === undefined ? undefined : resolve(this.host.currentDirectory, flags.from);
    const { dir: projectDir } = await this.findProject(flags, { allowNew: true, requireDirectory: true });
    const result = await initProject(this, { projectDir, from, fromMain, yes });
    const document = initDocument(result);
    if (result.written === undefined && !hasTerminal()) {
      if (!this.jsonEnabled()) this.logJson(document);
      const given = [...(flags.from === undefined ? [] : ['--from', flags.from]), ...(fromMain ? ['--from-main'] : [])];
      const { mainConfig } = result.offer;
      const what = mainConfig === undefined ? 'write it' : `copy ${showPath(mainConfig)}`;
      this.note(advise(`Nothing was written. To ${what}`, candle('init', '--yes', ...given)));
      return document;
    }
    this.log(renderWritten(result));
    if (result.written !== undefined) this.noteNext(candle('up'));
    return document;
  }
}
