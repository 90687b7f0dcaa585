import { Command, Flags } from '@oclif/core';
import { type CandleHost, hostOf } from './host.ts';
import { toUsageError, UsageError } from './usage-error.ts';

/**
 * The base of every command: the host, `--json`, and one way for errors to reach the user. A command parses, calls one
 * use case, writes the result for people with `log`, and returns what `--json` prints.
 */
export abstract class CandleCommand extends Command {
  static override enableJsonFlag = true;

  protected get host(): CandleHost {
    return hostOf(this.config);
  }

  /** Talk that is no data: to stderr, and not at all with `--json`. */
  protected note(text: string): void {
    if (!this.jsonEnabled()) process.stderr.write(`${text}\n`);
  }

  override logJson(json: unknown): void {
    process.stdout.write(`${JSON.stringify(json, null, 2)}\n`);
  }

  protected override async catch(error: Error): Promise<void> {
    process.exitCode = this.host.presentError(toUsageError(error, this.id), { json: this.jsonEnabled() });
  }
}

/** The base of the commands that are about one project. */
export abstract class ProjectCommand extends CandleCommand {
  static override baseFlags = {
    project: Flags.string({ helpValue: 'DIR', summary: 'Directory of the project; it may be gone.' }),
  };

  /** Which project; `allowNew` lets a directory that nothing speaks of yet become one. */
  protected findProject(flags: { project?: string | undefined }, options: { allowNew: boolean }) {
    if (flags.project === '') throw new UsageError('The directory given with --project is empty', this.id);
    return this.host.findProject({ dir: flags.project, ...options });
  }
}
