import { UsageError } from '@candle/cli-kit';
import { parseDurationFlag } from '@candle/core/config';
import { advise, candle, type Hint, lines, quote, sentences } from '@candle/core/errors';
import type { UpDocument } from '@candle/documents';
import type { Note } from '@candle/init';
import type { StartedService, UpServices } from '@candle/supervisor';
import { Flags } from '@oclif/core';
import { serviceNames, setupFlag } from '../base-commands/flags.ts';
import { inForeground } from '../base-commands/foreground.ts';
import {
  exitOnInterrupt,
  noteInterrupt,
  openStdoutWriter,
  showNewOutput,
  showOutput,
} from '../base-commands/show-output.ts';
import { OwnProjectCommand } from '../host/own-command.ts';
import { interruptedExitCode } from '../host/process-setup.ts';
import { styleFor } from '../present/format.ts';
import { LiveText } from '../present/live-text.ts';
import { portChangeReporter } from '../present/port-changes.ts';
import { noteNextAfter, noteTrouble, noteWaiting } from '../present/started.ts';
import { UpTable } from '../present/up-table.ts';

/** How often the times in the table change. */
const frameMs = 100;
/** How often to check whether all services have ended. */
const overPollMs = 1_000;

export default class Up extends OwnProjectCommand {
  static override summary =
    'Start the services that are not running, restart those that have changed, and wait until all are ready.';
  static override description =
    'Leaves running services alone unless their definition in .candle.json, or a port or envFile that it uses, has changed. Safe to run at any time, even several times in parallel. On a terminal, it then shows the output until Ctrl-C; the services keep running. Without a terminal, it prints the table and returns. Exits with 1 if a service is not ready; the others keep running. If there is no .candle.json, it first writes one if you agree, as candle init does. Without a terminal and without --yes, it prints as JSON what it would write, and exits with 1.';
  static override args = serviceNames(
    'Services to start, with those that they depend on. If omitted, all services except those with "autostart": false.',
  );
  static override flags = {
    timeout: Flags.string({
      helpValue: 'DURATION',
      summary:
        'Maximum time for each service to become ready, instead of the timeout of its readiness check: a number of seconds, or a duration with a unit (500ms, 5m, 2h).',
    }),
    move: Flags.boolean({ summary: 'Reserve another port for the given services, and start them with it.' }),
    'remove-orphans': Flags.boolean({ summary: 'Stop services that are running and are no longer configured.' }),
    yes: Flags.boolean({
      char: 'y',
      summary: 'If there is no .candle.json, write one first without a question, as candle init --yes does.',
    }),
    ...setupFlag,
    detach: Flags.boolean({
      char: 'd',
      aliases: ['bg'],
      summary: 'Return when all services are ready, even on a terminal. You can also write --bg.',
    }),
    foreground: Flags.boolean({
      exclusive: ['detach'],
      summary:
        'Show the output, even without a terminal, and stop the services that it has started when it ends, by any signal.',
    }),
  };
  static exitCodes = { 0: 'Success, also if Ctrl-C ends the output.' };
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> web --timeout 2m',
    '<%= config.bin %> <%= command.id %> --detach --remove-orphans',
  ];

  #live: LiveText | undefined;
  /** With --foreground: aborted by a signal, instead of an exit that leaves the services running. */
  #ending: AbortSignal | undefined;
  /** The services that were running before. */
  #kept: readonly string[] = [];

  async run() {
    const { flags } = await this.parse(Up);
    if (!flags.foreground) return this.bringUp();
    if (this.jsonEnabled())
      throw new UsageError('--foreground shows the output of services, so --json cannot be combined with it', this.id);
    try {
      await inForeground(this, (signal) => {
        this.#ending = signal;
        return this.bringUp();
      });
    } finally {
      if (this.#kept.length > 0) this.note(renderLeftRunning(this.#kept));
    }
    return undefined;
  }

  private async bringUp() {
    const { args, flags } = await this.parse(Up);
    const names = args.names ?? [];
    if (flags.move && names.length === 0)
      throw new UsageError('--move requires the names of the services that get another port', this.id);
    const timeoutMs = flags.timeout === undefined ? undefined : parseDurationFlag(flags.timeout, '--timeout');
    const {
      dir: projectDir,
      foundBy,
      passedOver,
    } = await this.findProject(flags, { allowNew: true, requireDirectory: true });
    const shown =
      foundBy === 'config'
        ? []
        : await this.initFirst(projectDir, flags.yes).catch(async (error: unknown) => {
            // The user may have meant the configuration above, which cannot be used.
            if (passedOver !== undefined) await this.findProject(flags);
            throw error;
          });
    const { up, upDocument, areOver, throwFailures, findFixedAddresses, ...supervised } = await this.supervise();
    const { supervision, onWaiting, onNewCommands, onSetup } = supervised;
    const table = new UpTable(() => performance.now());
    const result = await this.showingLive(table, names, () =>
      up(supervision, {
        ...{ projectDir, names, timeoutMs, move: flags.move, removeOrphans: flags['remove-orphans'] },
        ...{ setup: !flags['no-setup'], onSetup, onWaiting, onNewCommands, onPorts: portChangeReporter(this) },
        ...{ isForeground: flags.foreground, signal: this.#ending },
        onPlan: (services) => table.plan(services),
        onProgress: ({ name }, progress) => {
          table.note(name, progress);
          // The table shows that it is still starting.
          if (progress.kind === 'waiting' && this.#live === undefined) noteWaiting(this, name, progress);
        },
      }),
    );
    const document: UpDocument = { ...upDocument(result), fixedAddresses: await findFixedAddresses(projectDir) };
    this.#kept = document.services.flatMap(({ name, state, pid }) => (state === 'kept' && pid !== null ? [name] : []));
    table.finish(document.services);
    this.log(table.render(styleFor(process.stdout)), { color: true });
    for (const orphan of result.orphans) this.reportOrphan(orphan);
    for (const { file, line, text } of document.fixedAddresses) {
      const isShown = shown.some(({ place }) => place.file === file && (place.line ?? null) === line);
      if (!isShown) this.note(`${file}${line === null ? '' : `:${line}`}: ${text}`);
    }
    for (const { name, port } of document.silentPorts)
      this.note(
        `Nothing listens on port ${port}, which is reserved for ${quote(name)}. Candle does not start that program, so start it yourself on this port`,
      );
    if (document.configOutdated)
      this.note(advise('.candle.json has changed since it was read. To apply the changes', candle('up', ...names)));
    const done = result.services.flatMap((service) => (service.state === 'failed' ? [] : [service.started]));
    for (const started of done) await noteTrouble(this, started);
    if (this.jsonEnabled()) {
      if (!document.ready) process.exitCode = 1;
      return document;
    }
    throwFailures({ done, failed: result.services.flatMap((one) => (one.state === 'failed' ? [one.error] : [])) });
    const isFollowed = flags.foreground || (process.stdout.isTTY && process.stdin.isTTY && !flags.detach);
    const keys = done.map(({ run }) => ({ projectDir, name: run.serviceName }));
    if (isFollowed) await this.follow(done, { projectDir, names, areOver: () => areOver(supervision, keys) });
    else noteNextAfter(this, { done });
    return document;
  }

  /** Without a configuration, `init` writes one first, if the user agrees. Returns the advice that it has shown. */
  private async initFirst(projectDir: string, yes: boolean): Promise<readonly Note[]> {
    const { hasTerminal, initProject } = await import('../base-commands/init-project.ts');
    const { initDocument, ProjectNotConfiguredError } = await import('@candle/init');
    const { renderWritten } = await import('../present/init.ts');
    const result = await initProject(this, { projectDir, yes });
    if (result.written !== undefined) {
      this.log(renderWritten(result));
      return result.written.copiedFrom === undefined ? result.offer.advice : [];
    }
    if (!hasTerminal() && !this.jsonEnabled()) this.logJson(initDocument(result));
    const { services, mainConfig } = result.offer;
    throw new ProjectNotConfiguredError(projectDir, { names: services.map(({ service }) => service.name), mainConfig });
  }

  /** A note takes the place of the table, which the next frame shows below it. */
  override note(text: Hint): void {
    this.#live?.clear();
    super.note(text);
  }

  override log(...shown: Parameters<OwnProjectCommand['log']>): void {
    this.#live?.clear();
    super.log(...shown);
  }

  /** Shows the table during the work, if there is a terminal to show it on. */
  private async showingLive<T>(table: UpTable, names: readonly string[], work: () => Promise<T>): Promise<T> {
    if (!process.stdout.isTTY || this.jsonEnabled()) return work();
    const live = new LiveText(process.stdout);
    this.#live = live;
    const timer = setInterval(() => {
      if (table.isPlanned) live.show(table.render(styleFor(process.stdout)));
    }, frameMs);
    const onInterrupt = () => {
      this.#live = undefined;
      process.stdout.write('\n');
      this.note(renderContinuation('Interrupted. Services that were started keep running', names));
    };
    if (this.#ending === undefined) exitOnInterrupt(interruptedExitCode, onInterrupt);
    try {
      return await work();
    } finally {
      clearInterval(timer);
      live.clear();
    }
  }

  private reportOrphan({ name, isStopped }: UpServices['orphans'][number]): void {
    if (isStopped) this.log(`[Stopped process '${name}', which is no longer configured]`);
    else
      this.note(
        sentences(
          `Service ${quote(name)} is running, but is no longer configured`,
          advise('To stop it', candle('down', name)),
        ),
      );
  }

  /** Shows the output of the services until Ctrl-C or until all of them have ended; they continue. */
  private async follow(
    started: readonly StartedService[],
    { projectDir, names, areOver }: { projectDir: string; names: readonly string[]; areOver: () => Promise<boolean> },
  ): Promise<void> {
    const from = new Map(
      started.map(({ run, logPosition }) => [
        run.serviceName,
        { runId: run.id, position: logPosition, isOver: false } as const,
      ]),
    );
    const shown = [...from.keys()];
    const writer = await openStdoutWriter(this, { projectDir, shown }, { format: 'text', timestamps: false });
    const ending = new AbortController();
    const timer = setInterval(async () => {
      if (await areOver().catch(() => false)) ending.abort();
    }, overPollMs);
    const signal = this.#ending === undefined ? ending.signal : AbortSignal.any([this.#ending, ending.signal]);
    const input = { projectDir, names: shown, from, signal };
    const onInterrupt = () => {
      writer.end();
      process.stdout.write('\n');
      this.note(renderContinuation('The services keep running', names));
    };
    if (this.#ending === undefined) await showNewOutput(this, input, writer, onInterrupt);
    else {
      noteInterrupt(this, 'the services that it has started stop');
      await showOutput(this, input, writer);
    }
    clearInterval(timer);
    writer.end();
    if (this.#ending?.aborted) return;
    this.note(started.length === 1 ? 'The service has ended' : 'All services have ended');
  }
}

function renderContinuation(what: string, names: readonly string[]): Hint {
  return lines(
    what,
    advise('To stop them', candle('down', ...names)),
    advise('To see their output', candle('logs', ...names, '-f')),
  );
}

/** A service that `up --foreground` has not started. */
function renderLeftRunning(names: readonly string[]): Hint {
  const isOne = names.length === 1;
  const what = `${names.map(quote).join(', ')} ${isOne ? 'was' : 'were'} running before, and ${isOne ? 'keeps' : 'keep'} running`;
  return sentences(what, advise(isOne ? 'To stop it' : 'To stop them', candle('down', ...names)));
}
