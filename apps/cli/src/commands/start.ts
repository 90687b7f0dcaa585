import { UsageError } from '@candle/cli-kit';
import { type Hint, quote } from '@candle/core/errors';
import { followRun } from '@candle/core/logs';
import { parsePortOrAuto } from '@candle/core/ports';
import type { Run } from '@candle/core/runs';
import { Flags } from '@oclif/core';
import { parseWait, serviceNames, setupFlag, waitFlag, withWaitValues } from '../base-commands/flags.ts';
import { exitCleanlyOnInterrupt, noteInterrupt, openStdoutWriter } from '../base-commands/show-output.ts';
import { OwnProjectCommand } from '../host/own-command.ts';
import type { EntryWriter } from '../present/log-entries.ts';
import { portChangeReporter } from '../present/port-changes.ts';
import { noteNextAfter, StartReport } from '../present/started.ts';

export default class Start extends OwnProjectCommand {
  static override aliases = ['run'];
  static override summary = 'Start services in the background, with PORT set to their reserved port.';
  static override description =
    'Dependencies that are not running are started first. In a terminal, the command then shows the output until Ctrl-C; the services keep running.';
  static override args = serviceNames(
    'Services to start. If omitted, all services except those with "autostart": false.',
  );
  static override flags = {
    shell: Flags.string({
      helpValue: 'CMD',
      summary: 'Start NAME with this command, without adding it to .candle.json.',
    }),
    root: Flags.string({
      helpValue: 'DIR',
      dependsOn: ['shell'],
      summary: 'Directory to run the command in, relative to the project.',
    }),
    port: Flags.string({
      helpValue: 'auto|N',
      summary:
        'With --shell, if NAME has no reserved port: reserve any free port (auto), or N, or the next free port after N if N is not available.',
    }),
    move: Flags.boolean({
      summary: 'Reserve another port for the given services, and start them with it.',
    }),
    bg: Flags.boolean({
      exclusive: ['watch'],
      summary: 'Do not show the output, even in a terminal; return when the start is confirmed.',
    }),
    ...waitFlag,
    ...setupFlag,
    // Flags of add-service, which are explained instead of being unknown.
    'no-port': Flags.boolean({ hidden: true }),
    tty: Flags.boolean({ hidden: true }),
    watch: Flags.boolean({ summary: 'Show the output until Ctrl-C, even without a terminal.' }),
  };
  static exitCodes = { 0: 'Success, also if Ctrl-C ends the output.' };
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> api web',
    '<%= config.bin %> <%= command.id %> api --wait 45',
    "<%= config.bin %> <%= command.id %> docs --shell 'npx serve docs' --port auto",
    '<%= config.bin %> <%= command.id %> api --move',
  ];

  #writer: EntryWriter | undefined;
  readonly #followed: { readonly run: Run; readonly shown: Promise<void> }[] = [];
  /** Aborted if a start has failed: the output of the others is not shown any longer. */
  readonly #ending = new AbortController();

  async run() {
    const { args, flags } = await this.parse(Start, withWaitValues(this.argv));
    const names = args.names ?? [];
    const port = flags.port === undefined ? undefined : parsePortOrAuto(flags.port);
    const transient = flags.shell === undefined ? undefined : { shell: flags.shell, root: flags.root, port };
    const refusal = flagRefusal(flags) ?? (transient && nameRefusal(names));
    if (refusal !== undefined) throw new UsageError(refusal, this.id);
    if (flags.port !== undefined && !transient) {
      const ways = 'set the port of a configured service in .candle.json, or with candle reserve-port';
      throw new UsageError(`--port requires --shell; ${ways}`, this.id);
    }
    if (flags.move && names.length === 0)
      throw new UsageError('--move requires the names of the services that get another port', this.id);
    if (flags.watch && this.jsonEnabled())
      throw new UsageError('--watch shows the output of services, so --json cannot be combined with it', this.id);
    const waitMs = parseWait(flags);
    const { dir } = await this.findProject(flags, { allowNew: transient !== undefined, requireDirectory: true });
    const { start, supervision, onWaiting, onNewCommands, onSetup } = await this.supervise();
    const stays = flags.watch || (process.stdout.isTTY && process.stdin.isTTY && !flags.bg && !this.jsonEnabled());
    const report = new StartReport(this, stays ? (run) => this.#follow(run) : undefined);
    const starting = start(supervision, {
      projectDir: dir,
      names,
      transient,
      move: flags.move,
      onWaiting,
      onNewCommands,
      onSetup,
      setup: !flags['no-setup'],
      onPorts: portChangeReporter(this),
      onStarting: stays ? (names) => this.#openWriter(dir, names) : undefined,
      onProgress: report.onProgress,
      waitMs,
    });
    try {
      const outcomes = await starting;
      const document = await report.finish(outcomes);
      if (stays) await this.#awaitEnds();
      else noteNextAfter(this, outcomes);
      return document;
    } catch (error) {
      this.#ending.abort();
      throw error;
    }
  }

  /** The output that is shown may end with a line that has no newline yet. */
  override note(text: Hint): void {
    this.#writer?.end();
    super.note(text);
  }

  override log(...shown: Parameters<OwnProjectCommand['log']>): void {
    this.#writer?.end();
    super.log(...shown);
  }

  async #openWriter(projectDir: string, shown: readonly string[]): Promise<void> {
    this.#writer = await openStdoutWriter(this, { projectDir, shown }, { format: 'lines', timestamps: false });
  }

  /** Shows the output of a run from now on. */
  #follow(run: Run): void {
    const show = async () => {
      const { signal } = this.#ending;
      for await (const entries of followRun(this.host.candle(), run.id, { signal }))
        this.#writer?.add(run.serviceName, entries);
    };
    const shown = show();
    // It is thrown when the start has been reported.
    shown.catch(() => undefined);
    this.#followed.push({ run, shown });
  }

  /** Shows the output until all runs have ended, or until Ctrl-C; the services continue. */
  async #awaitEnds(): Promise<void> {
    exitCleanlyOnInterrupt();
    noteInterrupt(this);
    await Promise.all(
      this.#followed.map(async ({ run, shown }) => {
        await shown;
        await this.noteEnd(run);
      }),
    );
  }

  private async noteEnd({ projectDir, serviceName, id }: Run): Promise<void> {
    const { list, describeExit, supervision } = await this.supervise();
    const [service] = (await list(supervision, { projectDir, names: [serviceName] })).services;
    if (service?.runId === id && !service.isAlive)
      this.note(`Service '${serviceName}' is no longer running: ${describeExit(service)}`);
  }
}

/** Says what to use instead of a flag that only add-service has. */
function flagRefusal(flags: {
  readonly 'no-port': boolean;
  readonly tty: boolean;
  readonly shell?: string | undefined;
}) {
  if (flags.tty) return 'start has no --tty; set "tty": true in .candle.json, or use candle add-service --tty';
  if (!flags['no-port']) return undefined;
  return flags.shell === undefined
    ? 'start has no --no-port; to start a service without a port, set "port": null in .candle.json'
    : 'start has no --no-port; without --port, it reserves no port for a service that is started with --shell';
}

function nameRefusal(names: readonly string[]): string | undefined {
  if (names.length === 1) return undefined;
  const problem = '--shell requires exactly one service name';
  return names.length === 0
    ? problem
    : `${problem}, not ${names.map(quote).join(', ')}; put quotes around a command of several words: --shell 'node server.js'`;
}
