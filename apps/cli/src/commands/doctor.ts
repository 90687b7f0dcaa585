import { renderHint } from '@candle/core';
import { OwnCommand } from '../host/own-command.ts';
import { checkPlugins } from '../plugins/check-plugins.ts';
import { listInstalled } from '../plugins/find-hooked-plugins.ts';
import { openPluginsContext } from '../plugins/plugins-context.ts';
import { renderChecks } from '../present/render-checks.ts';

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
    });
    const context = openPluginsContext(this.config, { cwd: this.host.currentDirectory });
    const checks = [...ofServices, ...(await checkPlugins(context))];
    this.log(renderChecks(checks));
    if (checks.some(({ status }) => status === 'problem')) process.exitCode = 1;
    return {
      checks: checks.map(({ hint, ...check }) => ({ ...check, hint: hint === undefined ? null : renderHint(hint) })),
    };
  }
}
