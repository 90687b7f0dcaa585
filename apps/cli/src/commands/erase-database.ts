import { existsSync } from 'node:fs';
import { isCandleError } from '@candle/core';
import type { EraseTarget } from '@candle/supervisor';
import { Flags } from '@oclif/core';
import { OwnCommand } from '../host/own-command.ts';
import { confirm } from '../present/confirm.ts';
import { supervise } from '../services/supervise.ts';

/** Why a ledger cannot be opened that can be deleted all the same. */
const erasable = ['STATE_DISK_FULL', 'STATE_DAMAGED'];

export default class EraseDatabase extends OwnCommand {
  static override summary = 'Delete all reservations and all stored output of every project.';
  static override description =
    'Deletes what Candle keeps in its state directory, and nothing of a project. Refused while services run.';
  static override flags = {
    force: Flags.boolean({ summary: 'Do not ask; needed where there is no terminal.' }),
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
      if (!(await confirm(`This deletes ${describeErasable(state)}. Go on?`))) {
        this.log('Nothing was erased');
        return { ...state, erased: false, keptNames: [] };
      }
    }
    const erased = await eraseDatabase(target);
    this.log(`Erased ${describeErasable(erased)}`);
    if (erased.keptNames.length > 0) this.note(`Left, as it is not Candle's: ${erased.keptNames.join(', ')}`);
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
