import { resolve } from 'node:path';
import { UsageError } from '@candle/cli-kit';
import { printable, showPath } from '@candle/core/errors';
import { listTrusted, revokeTrust, trust, trustDocument } from '@candle/core/projects';
import type { TrustDocument } from '@candle/documents';
import { Args, Flags } from '@oclif/core';
import { OwnCommand } from '../host/own-command.ts';

export default class Trust extends OwnCommand {
  static override summary = 'Use the .candle.json of a directory although another user can change it.';
  static override description =
    'A configuration contains commands. Candle uses it only if it and its directory belong to you or to root, unless you trust the directory. The trust is for exactly this directory, and ends when its owner changes. CANDLE_TRUST=DIR[:DIR] does the same for containers and CI, for any owner.';
  static override args = {
    dir: Args.string({ ignoreStdin: true, description: 'Directory that contains the .candle.json.' }),
  };
  static override flags = {
    list: Flags.boolean({ summary: 'List the trusted directories.', exclusive: ['revoke'] }),
    revoke: Flags.boolean({ summary: 'No longer trust the directory.' }),
  };
  static override examples = [
    '<%= config.bin %> <%= command.id %> /srv/shop',
    '<%= config.bin %> <%= command.id %> --list',
    '<%= config.bin %> <%= command.id %> --revoke /srv/shop',
  ];

  async run() {
    const { args, flags } = await this.parse(Trust);
    if (flags.list) {
      if (args.dir !== undefined) throw new UsageError('--list cannot be combined with a directory', this.id);
      const trusted = trustDocument(await listTrusted(this.host.candle()));
      this.log(trusted.directories.length === 0 ? 'No directory is trusted' : renderDirectories(trusted));
      return trusted;
    }
    if (args.dir === undefined) {
      const line = `candle trust ${flags.revoke ? '--revoke ' : ''}DIR`;
      throw new UsageError(`Missing argument: the directory. Type ${line}, or candle trust --list`, this.id);
    }
    if (args.dir === '') throw new UsageError('The directory must not be empty', this.id);
    const dir = resolve(this.host.currentDirectory, args.dir);
    const changed = trustDocument([await (flags.revoke ? revokeTrust : trust)(this.host.candle(), dir)]);
    this.log(`${flags.revoke ? 'No longer trusted' : 'Trusted'}: ${renderDirectories(changed)}`);
    return changed;
  }
}

function renderDirectories({ directories }: TrustDocument): string {
  return directories.map(renderDirectory).join('\n');
}

function renderDirectory({ dir, owners, source, problem }: TrustDocument['directories'][number]): string {
  const users = owners.map(({ uid, user }) => (user === null ? `uid ${uid}` : `user ${printable(user)} (uid ${uid})`));
  const origin = source === 'CANDLE_TRUST' ? 'from CANDLE_TRUST, for any owner' : `owned by ${users.join(' and ')}`;
  const state = problem === null ? '' : `; has no effect, because it ${problem}`;
  return `${showPath(dir)}, ${origin}${state}`;
}
