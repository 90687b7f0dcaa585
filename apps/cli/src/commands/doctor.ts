import { configReader } from '@candle/core/config';
import { isCandleError, renderHint } from '@candle/core/errors';
import { findProject } from '@candle/core/projects';
import type { CheckedThing } from '@candle/supervisor';
import { OwnCommand } from '../host/own-command.ts';
import { homeDirectory } from '../host/process-setup.ts';
import { checkPlugins } from '../plugins/check-plugins.ts';
import { listInstalled } from '../plugins/directory/plugin-list.ts';
import { openPluginsContext } from '../plugins/plugins-context.ts';

export default class Doctor extends OwnCommand {
  static override summary = 'Check everything that Candle depends on, and suggest fixes for problems.';
  static override description = 'Exits with 1 if there is a problem, and with 0 if there are only warnings.';
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --json'];

  async run() {
    await this.parse(Doctor);
    const { doctor } = await this.host.useCases();
    const ofServices = await doctor({
      stateDir: this.host.stateDir(),
      candleVersion: this.config.version,
      installedPlugins: listInstalled(this.config.dataDir).map(({ name }) => name),
      openCandle: () => this.host.candle(),
      callerEnv: process.env,
      readConfig: () => this.findConfig(),
    });
    const context = openPluginsContext(this.config, { cwd: this.host.currentDirectory });
    const checks = [...ofServices, ...(await checkPlugins(context))];
    this.log(renderChecks(checks));
    if (checks.some(({ status }) => status === 'problem')) process.exitCode = 1;
    return {
      checks: checks.map(({ hint, ...check }) => ({ ...check, hint: hint === undefined ? null : renderHint(hint) })),
    };
  }

  /** The database may be damaged, so that only a configuration shows which project this is. */
  private async findConfig() {
    const { currentDirectory, trust } = this.host;
    try {
      const { dir } = await findProject({
        startDir: currentDirectory,
        home: homeDirectory() ?? '/',
        allowNew: false,
        knownAmong: async () => [],
        trust,
      });
      return await configReader(trust)(dir);
    } catch (error) {
      if (isCandleError(error)) return undefined;
      throw error;
    }
  }
}

/** One line per check, with the hint below it. */
function renderChecks(checks: readonly CheckedThing[]): string {
  const width = Math.max(...checks.map(({ name }) => name.length));
  return checks
    .map(({ name, status, message, hint }) => {
      const line = `${status.padEnd('warning'.length)}  ${name.padEnd(width)}  ${message}`;
      const indent = ' '.repeat('warning'.length + 2 + width + 2);
      return hint === undefined ? line : `${line}\n${renderHint(hint).replaceAll(/^/gm, `${indent}-> `)}`;
    })
    .join('\n');
}
