import { stripVTControlCharacters } from 'node:util';
import { UsageError } from '@candle/cli-kit';
import { followRun, parsePortOrAuto, runDir } from '@candle/core';
import type { StartedService } from '@candle/supervisor';
import { Flags } from '@oclif/core';
import { LineWriter } from '../present/line-writer.ts';
import { showsColor } from '../present/shows-color.ts';
import { serviceNames } from '../services/service-command.ts';
import { StartCommand } from '../services/start-command.ts';
import { parseWait, waitFlag } from '../services/wait-flag.ts';

export default class Start extends StartCommand {
  static override aliases = ['run'];
  static override summary = 'Start services in the background, with PORT set to their reserved port.';
  static override description =
    'A running one is replaced; what they depend on is started before them when it does not run. On a terminal the output is then shown until Ctrl-C; the service goes on.';
  static override args = serviceNames('Services to start; left out, all that the configuration starts by itself.');
  static override flags = {
    shell: Flags.string({ helpValue: 'CMD', summary: 'Start NAME with this command, without configuring it.' }),
    root: Flags.string({
      helpValue: 'DIR',
      dependsOn: ['shell'],
      summary: 'Directory to start it in, inside the project.',
    }),
    port: Flags.string({
      helpValue: 'auto|N',
      summary:
        'With --shell: reserve a port for NAME if it has none: any, or this one, or the next free one behind it.',
    }),
    move: Flags.boolean({
      summary: 'Reserve another port for the services that are named, and start them with it.',
    }),
    bg: Flags.boolean({ exclusive: ['watch'], summary: 'Return at once, on a terminal too.' }),
    ...waitFlag,
    watch: Flags.boolean({ summary: 'Stay and show the output, off a terminal too.' }),
  };
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> api web',
    '<%= config.bin %> <%= command.id %> api --wait 45',
    "<%= config.bin %> <%= command.id %> docs --shell 'npx serve docs' --port auto",
    '<%= config.bin %> <%= command.id %> api --move',
  ];

  async run() {
    const { args, flags } = await this.parse(Start);
    const names = args.names ?? [];
    const port = flags.port === undefined ? undefined : parsePortOrAuto(flags.port);
    const transient = flags.shell === undefined ? undefined : { shell: flags.shell, root: flags.root, port };
    if (transient && names.length !== 1) throw new UsageError('With --shell, name the one service to start', this.id);
    if (flags.port !== undefined && !transient) {
      const ways = 'a configured service has its port in .candle.json, or by candle reserve-port';
      throw new UsageError(`--port goes with --shell; ${ways}`, this.id);
    }
    if (flags.move && names.length === 0)
      throw new UsageError('With --move, name the services that are to get another port', this.id);
    if (flags.watch && this.jsonEnabled())
      throw new UsageError('--watch shows output as it comes, which is no JSON', this.id);
    const waitMs = parseWait(flags);
    const { dir } = await this.findProject(flags, { allowNew: transient !== undefined });
    const { start, supervision, onWaiting } = await this.supervise();
    const outcomes = await start(supervision, {
      projectDir: dir,
      names,
      transient,
      move: flags.move,
      onWaiting,
      onPorts: this.tellPorts,
      waitMs,
    });
    const document = await this.presentStarted(outcomes);
    const stays = flags.watch || (process.stdout.isTTY && process.stdin.isTTY && !flags.bg && !this.jsonEnabled());
    if (stays) await this.follow(outcomes.done);
    else this.noteNextAfter(outcomes);
    return document;
  }

  private async noteEnd({ projectDir, serviceName, id }: StartedService['run']): Promise<void> {
    const { list, describeExit, supervision } = await this.supervise();
    const [service] = (await list(supervision, { projectDir, names: [serviceName] })).services;
    if (service?.runId === id && !service.isAlive)
      this.note(`Service '${serviceName}' has ended: ${describeExit(service)}`);
  }

  /** Shows the output of what was started, with its name when there are several, until it ends or Ctrl-C; the services go on. */
  private async follow(started: readonly StartedService[]): Promise<void> {
    process.removeAllListeners('SIGINT');
    process.once('SIGINT', () => process.exit(0));
    const { stateDir } = this.host.candle();
    const color = showsColor(process.stdout, process.env);
    const write = (text: string) => void process.stdout.write(color ? text : stripVTControlCharacters(text));
    await Promise.all(
      started.map(async ({ run }) => {
        const writer = new LineWriter(started.length > 1 ? `[${run.serviceName}] ` : '', write);
        for await (const block of followRun(runDir(stateDir, run.id))) writer.add(block);
        writer.end();
        await this.noteEnd(run);
      }),
    );
  }
}
