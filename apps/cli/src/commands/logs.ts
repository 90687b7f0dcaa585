import { UsageError } from '@candle/cli-kit';
import {
  cursorText,
  logs,
  logsDocument,
  parseCount,
  parseCursor,
  parseLogTime,
  type ServiceLog,
  shellWord,
} from '@candle/core';
import { Flags } from '@oclif/core';
import { LogCommand } from '../services/log-command.ts';
import { serviceNames } from '../services/service-command.ts';

const defaultCount = 100;

export default class Logs extends LogCommand {
  static override summary = 'Show what services printed, earlier runs included and marked.';
  static override description =
    'TIME is how long ago (30s, 10m, 2h, 1d), a date (2026-01-23: its beginning) or a time (2026-01-23T10:30), local unless it says otherwise. With --json each line has a cursor, and each service one to go on from.';
  static override args = serviceNames('Services whose output is shown; left out, all of the project.');
  static override flags = {
    count: Flags.string({
      char: 'n',
      helpValue: 'N',
      summary: `Lines at most, for each service: the last ones that match, ${defaultCount} when left out. With --start-at the first ones, and all when left out. Marks are not counted.`,
    }),
    since: Flags.string({ helpValue: 'TIME', summary: 'Only what was printed then or later.' }),
    until: Flags.string({ helpValue: 'TIME', summary: 'Only what was printed then or before.' }),
    grep: Flags.string({
      helpValue: 'TEXT',
      summary: 'Only lines with this text, capitals and small letters held apart.',
    }),
    regex: Flags.boolean({
      dependsOn: ['grep'],
      summary: 'The text of --grep is a regular expression (of JavaScript).',
    }),
    run: Flags.string({
      helpValue: 'RUN',
      summary: "Only of one run: 'latest', 'previous', or the beginning of its id.",
    }),
    'start-at': Flags.string({ helpValue: 'CURSOR', summary: 'Go on behind a cursor of --json; of one service.' }),
    timestamps: Flags.boolean({ summary: 'Begin each line with its time; ~ where it may be older.' }),
    follow: Flags.boolean({
      char: 'f',
      summary: 'Go on with what comes, later runs included, until Ctrl-C. With --json one object a line.',
    }),
  };
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
      count: flags.count === undefined ? (startAt ? undefined : defaultCount) : parseCount(flags.count),
      sinceMs: flags.since === undefined ? undefined : parseLogTime(flags.since, nowMs),
      untilMs: flags.until === undefined ? undefined : parseLogTime(flags.until, nowMs),
      pattern: this.pattern(flags),
      run: flags.run,
      startAt,
    };
    const { dir: projectDir } = await this.findProject(flags, { allowNew: false });
    const found = await logs(this.host.candle(), { ...query, projectDir, names });
    const { timestamps } = flags;
    if (flags.follow) {
      const followed = startAt ? found.map(({ name }) => name) : names;
      const show = this.showEntries({ timestamps, labels: await this.hasSeveral(projectDir, followed) });
      for (const { name, entries } of found) show(name, entries);
      const from = new Map(found.flatMap(({ name, next }) => (next ? [[name, next] as const] : [])));
      await this.follow({ projectDir, names: followed, from, pattern: query.pattern }, show);
      return undefined;
    }
    if (query.count !== 0 && found.every(({ entries }) => entries.length === 0))
      this.note(nothingFound(found, names, flags));
    else if (!this.jsonEnabled()) {
      const shown = names.length > 0 ? found : found.filter(({ entries }) => entries.length > 0);
      const writer = this.entryWriter({ timestamps, labels: shown.length > 1 });
      for (const { name, entries } of shown) writer.add(name, entries);
      writer.end();
      if (query.count !== 0) this.noteReadOn(shown);
    }
    return logsDocument(found);
  }

  /** Of several services each would have a line of its own, which is for `--json` to tell. */
  private noteReadOn(found: readonly ServiceLog[]): void {
    const [log, ...others] = found;
    if (log?.next && others.length === 0)
      this.noteNext(`candle logs ${shellWord(log.name)} --start-at ${cursorText(log.next)}`);
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
        ? '-f goes on with what comes, so --until cannot be given'
        : follow && run !== undefined
          ? '-f goes on with later runs, so --run cannot be given'
          : startAt !== undefined && run !== undefined
            ? 'A cursor is of a run, so --run cannot be given'
            : startAt !== undefined && names.length > 1
              ? 'A cursor is of one service, so no other can be named'
              : startAt !== undefined && follow && count !== undefined
                ? 'With --start-at and -f everything is shown, so -n cannot be given'
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
  if (flags['start-at'] !== undefined) return 'Nothing was printed since';
  return names.length === 1 ? `Service '${names[0]}' has no logs yet` : 'There are no logs yet';
}
