import { isCandleError } from '@candle/core/errors';
import { deletedProjectFlags } from '../base-commands/flags.ts';
import { supervise } from '../base-commands/supervise.ts';
import { OwnProjectCommand } from '../host/own-command.ts';
import { stdoutStyle } from '../present/format.ts';
import { listFirstCommands, renderOverview, renderWelcome } from '../present/overview.ts';

export default class Overview extends OwnProjectCommand {
  static override baseFlags = deletedProjectFlags;
  static override summary = 'Show the state of the project, and what to do next.';
  static override description =
    'The same as candle without a command. Services with a problem come first. Outside of a project, prints the commands to begin with.';
  static override examples = ['<%= config.bin %>', '<%= config.bin %> --json', '<%= config.bin %> <%= command.id %>'];

  override readonly reportsConfig = true;

  async run() {
    const { flags } = await this.parse(Overview);
    const style = stdoutStyle();
    const useCases = await this.host.useCases();
    const project = await this.findProject(flags).catch((error: unknown) => {
      const isOutside = isCandleError(error) && ['PROJECT_NOT_FOUND', 'PROJECT_GONE'].includes(error.code);
      if (!isOutside || flags.project !== undefined) throw error;
      return error;
    });
    if (isCandleError(project)) {
      this.log(renderWelcome(project, style));
      return useCases.overviewDocument(undefined, listFirstCommands(project));
    }
    // Not `this.supervise()`, after which a command starts the supervisor again if it was killed.
    const { overview, overviewDocument, supervision } = await supervise(this.host, (text) => this.note(text));
    const found = await overview(supervision, { projectDir: project.dir });
    this.log(renderOverview(found, { ...style, nowMs: supervision.clock.nowMs() }), { color: true });
    if (found.next !== undefined) this.noteProjectFor(found.next);
    return overviewDocument(found, []);
  }
}
