import { UsageError } from '@candle/cli-kit';
import { candle } from '@candle/core/errors';
import {
  cursorText,
  defaultLineCount,
  isProbablyExpression,
  linePattern,
  logs,
  logsDocument,
  parseCount,
  parseCursor,
  parseLogTime,
  type ServiceLog,
} from '@candle/core/logs';
import { Flags } from '@oclif/core';
import { deletedProjectFlags, serviceNames } from '../base-commands/flags.ts';
import { openStdoutWriter, showNewOutput } from '../base-commands/show-output.ts';
import { OwnProjectCommand } from '../host/own-command.ts';

export default class Logs extends OwnProjectCommand {
  static override baseFlags = deletedProjectFlags;
  static override summary = 'Show the output of services, including earlier runs.';
  static override description =
    'Marks show where runs start and end; a space precedes a printed line that looks like a mark. TIME is an age (30s, 10m, 2h, 1d), a date (2026-01-23, the beginning of that day) or a time (2026-01-23T10:30), in local time unless it includes a time zone. With --json, each line has a cursor, and each service has one for the end of its output; to continue after a cursor, pass it to --start-at.';
  static override args = serviceNames('Services whose output to show. If omitted, all services of the project.');
  static override flags = {
    count: Flags.string({
      char: 'n',
      helpValue: 'N',
      summary: `Maximum number of lines per service: the last matching lines (default ${defaultLineCount}) or, with --start-at, the first matching lines (default all). Start and exit marks do not count toward N.`,
    }),
    since: Flags.string({ helpValue: 'TIME', summary: 'Show only output printed at or after this time.' }),
    until: Flags.string({ helpValue: 'TIME', summary: 'Show only output printed at or before this time.' }),
    grep: Flags.string({
      helpValue: 'TEXT',
      summary: 'Show only lines that contain this text (case-sensitive).',
    }),
    regex: Flags.boolean({
      dependsOn: ['grep'],
      summary:
        'Treat the text of --grep as a regular expression; for the syntax, see candle get-doc guides/expressions.',
    }),
    run: Flags.string({
      helpValue: 'latest|previous|RUN',
      summary: 'Show only one run: the latest, the one before it, or the one whose ID begins with RUN.',
    }),
    'start-at': Flags.string({
      helpValue: 'CURSOR',
      summary: 'Continue after a cursor from --json; for one service only.',
    }),
    timestamps: Flags.boolean({
      summary: 'Start each line with its time; ~ marks an approximate time: the line may have been printed earlier.',
    }),
    follow: Flags.boolean({
      char: 'f',
      summary: 'Keep showing new output, including later runs, until Ctrl-C. With --json, prints one object per line.',
    }),
  };
  static exitCodes = { 0: 'Success, also if Ctrl-C ends the output.' };
  static override examples = [
    '<%= config.bin %> <%= command.id %> api',
    '<%= config.bin %> <%= command.id %> api -n 20 -f',
    '<%= config.bin %> <%= command.id %> --since 10m --grep Error',
    '<%= config.bin %> <%= command.id %> api --run previous --timestamps',
  ];

  async run() {
    const { args, flags } = await this.parse(Logs);
    const names = args.names ?? [];
    const startAt = flags['start-at'] === undefined ? undefined : parseCursor(flags['start-at']);
    this.refuseContradictions(flags, names);
    const nowMs = Date.now();
    const query = {
      count: flags.count === undefined ? (startAt ? undefined : defaultLineCount) : parseCount(flags.count),
      sinceMs: flags.since === undefined ? undefined : parseLogTime(flags.since, nowMs),
      untilMs: flags.until === undefined ? undefined : parseLogTime(flags.until, nowMs),
      pattern: flags.grep === undefined ? undefined : await linePattern(flags.grep, { isRegex: flags.regex }),
      run: flags.run,
      startAt,
    };
    const { dir: projectDir } = await this.findProject(flags);
    const found = await logs(this.host.candle(), { ...query, projectDir, names });
    const { timestamps } = flags;
    if (flags.follow) {
      const followed = startAt ? found.map(({ name }) => name) : names;
      const format = this.jsonEnabled() ? 'json' : 'text';
      const writer = await openStdoutWriter(this, { projectDir, shown: followed }, { format, timestamps });
      for (const { name, entries } of found) writer.add(name, entries);
      const from = new Map(found.flatMap(({ name, next }) => (next ? [[name, next] as const] : [])));
      await showNewOutput(this, { projectDir, names: followed, from, pattern: query.pattern }, writer);
      return undefined;
    }
    if (query.count !== 0 && found.every(({ entries }) => entries.length === 0)) {
      this.note(nothingFound(found, names, flags));
      const isMistaken = flags.grep !== undefined && !flags.regex && isProbablyExpression(flags.grep);
      if (isMistaken && !this.jsonEnabled()) this.note('To search for a regular expression, add --regex');
    } else if (!this.jsonEnabled()) {
      const shown = names.length > 0 ? found : found.filter(({ entries }) => entries.length > 0);
      const labelled = shown.map(({ name }) => name);
      const writer = await openStdoutWriter(this, { projectDir, shown: labelled }, { format: 'text', timestamps });
      for (const { name, entries } of shown) writer.add(name, entries);
      writer.end();
      if (query.count !== 0) this.noteContinuation(shown);
    }
    return logsDocument(found);
  }

  /** For one service only: each of several would need its own command. `--json` has all cursors. */
  private noteContinuation(found: readonly ServiceLog[]): void {
    const [log, ...others] = found;
    if (log?.next && others.length === 0) this.noteNext(candle('logs', log.name, '--start-at', cursorText(log.next)));
  }

  private refuseContradictions(
    {
      follow,
      count,
      run,
      until,
      ...flags
    }: {
      follow: boolean;
      count?: string | undefined;
      run?: string | undefined;
      until?: string | undefined;
      'start-at'?: string | undefined;
    },
    names: readonly string[],
  ): void {
    const startAt = flags['start-at'];
    const problem =
      follow && until !== undefined
        ? '-f shows new output, so --until cannot be combined with it'
        : follow && run !== undefined
          ? '-f includes later runs, so --run cannot be combined with it'
          : startAt !== undefined && run !== undefined
            ? 'A cursor belongs to a run, so --run cannot be combined with --start-at'
            : startAt !== undefined && names.length > 1
              ? 'A cursor belongs to one service, so --start-at requires exactly one service'
              : startAt !== undefined && follow && count !== undefined
                ? '-f shows everything after the cursor of --start-at, so -n cannot be combined with them'
                : undefined;
    if (problem !== undefined) throw new UsageError(problem, this.id);
  }
}

function nothingFound(
  found: readonly ServiceLog[],
  names: readonly string[],
  flags: Readonly<Record<string, unknown>>,
): string {
  const narrowing = ['since', 'until', 'grep'].filter((name) => flags[name] !== undefined);
  if (narrowing.length > 0 && found.some(({ next }) => next)) return `No line matches --${narrowing.join(' and --')}`;
  if (flags['start-at'] !== undefined) return 'Nothing has been printed since then';
  return names.length === 1 ? `Service '${names[0]}' has no logs yet` : 'There are no logs yet';
}
