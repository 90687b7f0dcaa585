import { defaultWaitMs, parseDurationFlag } from '@candle/core/config';
import { candle } from '@candle/core/errors';
import { hasInputs } from '@candle/core/runs';
import { Args, Flags } from '@oclif/core';
import { OwnProjectCommand } from '../host/own-command.ts';

export default class WaitForReady extends OwnProjectCommand {
  static override summary = 'Wait until a service is ready.';
  static override description =
    'Returns immediately if the service is already ready. Fails if the service is not running, exits, or is not ready in time; a running service keeps running.';
  static override args = {
    name: Args.string({ required: true, ignoreStdin: true, description: 'Name of the service.' }),
  };
  static override flags = {
    timeout: Flags.string({
      default: String(defaultWaitMs / 1000),
      helpValue: 'DURATION',
      summary: 'Maximum time to wait: a number of seconds, or a duration with a unit (500ms, 5m, 2h).',
    }),
  };
  static exitCodes = { 1: 'Error, for example because the service is not ready in time.' };
  static override examples = [
    '<%= config.bin %> <%= command.id %> api',
    '<%= config.bin %> <%= command.id %> api --timeout 2m',
  ];

  async run() {
    const { args, flags } = await this.parse(WaitForReady);
    const timeoutMs = parseDurationFlag(flags.timeout, '--timeout');
    const { dir } = await this.findProject(flags);
    const { waitForReady, readyDocument, supervision } = await this.supervise();
    const ready = await waitForReady(supervision, { projectDir: dir, name: args.name, timeoutMs });
    const isJob = hasInputs(ready.run.fingerprint);
    this.log(isJob ? `The job '${args.name}' is done` : `Service '${args.name}' is ready`);
    this.noteNext(candle('logs', args.name));
    return readyDocument(ready);
  }
}
