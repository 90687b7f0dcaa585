import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import type { CoreErrorCode } from '@candle/core/error-catalogue';
import { isCandleError } from '@candle/core/errors';
import type { EraseTarget } from '@candle/supervisor';
import { Flags } from '@oclif/core';
import { supervise } from '../base-commands/supervise.ts';
import { OwnCommand } from '../host/own-command.ts';
import { interruptedExitCode } from '../host/process-setup.ts';

/** Codes of the errors with which a database cannot be opened, but can still be deleted. */
const erasable: readonly string[] = ['STATE_DISK_FULL', 'STATE_DAMAGED'] satisfies readonly CoreErrorCode[];

export default class EraseDatabase extends OwnCommand {
  static override summary = 'Delete all reservations and all stored output of all projects.';
  static override description =
    'Deletes what Candle keeps in its state directory, but no files of any project. Refuses to run while services are running.';
  static override flags = {
    force: Flags.boolean({ summary: 'Do not ask for confirmation. Required without a terminal.' }),
  };
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --force'];

  async run() {
    const { flags } = await this.parse(EraseDatabase);
    const stateDir = this.host.stateDir();
    if (!existsSync(stateDir)) {
      this.log(`Nothing to erase: there is no ${stateDir}`);
      return { stateDir, erased: false, reservationCount: 0, projectCount: 0, keptNames: [] };
    }
    const { surveyErasable, eraseDatabase, describeErasable, EraseNotConfirmedError } = await this.host.useCases();
    const target = await this.target(stateDir);
    const state = await surveyErasable(target);
    if (!flags.force) {
      if (!process.stdout.isTTY || !process.stdin.isTTY || this.jsonEnabled()) throw new EraseNotConfirmedError(state);
      if (!(await confirm(`This deletes ${describeErasable(state)}. Continue?`))) {
        this.log('Nothing was erased');
        return { ...state, erased: false, keptNames: [] };
      }
    }
    const erased = await eraseDatabase(target);
    this.log(`Erased ${describeErasable(erased)}`);
    if (erased.keptNames.length > 0)
      this.note(`Not deleted because Candle did not create it: ${erased.keptNames.join(', ')}`);
    return { ...erased, erased: true };
  }

  private async target(stateDir: string): Promise<EraseTarget> {
    try {
      return { stateDir, supervision: (await supervise(this.host, (text) => this.note(text))).supervision };
    } catch (error) {
      if (!isCandleError(error) || !erasable.includes(error.code)) throw error;
      return { stateDir, supervision: undefined };
    }
  }
}

/** Asks on the terminal; any answer other than yes means no. The question goes to stderr because stdout is for data. */
async function confirm(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  terminal.once('SIGINT', () => process.exit(interruptedExitCode));
  const closed = new Promise<string>((resolve) => terminal.once('close', () => resolve('')));
  try {
    const answer = await Promise.race([terminal.question(`${question} [y/N] `), closed]);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}
