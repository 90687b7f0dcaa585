import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '@candle/cli-kit';
import { showPath } from '@candle/core/errors';
import { Args } from '@oclif/core';
import {
  completionFiles,
  getShell,
  installCompletion,
  loadsBashCompletion,
  type Shell,
  shells,
  uninstallCompletion,
} from '../completion/install-completion.ts';
import { OwnCommand } from '../host/own-command.ts';
import { homeDirectory } from '../host/process-setup.ts';

export default class CompletionCommand extends OwnCommand {
  // It prints a program, or what has changed in files of the user.
  static override enableJsonFlag = false;
  static override summary = 'Install the completion of command lines in your shell, or print its program.';
  static override description =
    'After the installation, Tab completes commands, flags, and the names of services, ports, plugins and pages. Without SHELL, the completion is installed for the shell in the variable SHELL. With the name of a shell as ACTION, only prints the program.';
  static override args = {
    action: Args.string({
      required: true,
      ignoreStdin: true,
      options: ['install', 'uninstall', ...shells],
      description: 'What to do.',
    }),
    shell: Args.string({
      ignoreStdin: true,
      options: [...shells],
      description: 'The shell in which completion is installed or removed. If omitted, your login shell.',
    }),
  };
  static override examples = [
    '<%= config.bin %> <%= command.id %> install',
    '<%= config.bin %> <%= command.id %> uninstall zsh',
    '<%= config.bin %> <%= command.id %> fish | source',
  ];

  async run(): Promise<void> {
    // oclif's message does not show that a word is empty.
    if (this.argv.includes('')) throw new UsageError('The action and the shell must not be empty', this.id);
    const { args } = await this.parse(CompletionCommand);
    const printed = shells.find((shell) => shell === args.action);
    if (printed === undefined) {
      const shell = shells.find((known) => known === args.shell) ?? getShell(process.env.SHELL);
      return this.#change(args.action, shell);
    }
    if (args.shell !== undefined) throw new UsageError(`Unexpected argument: '${args.shell}'`, this.id);
    this.log(this.#program(printed).trimEnd());
  }

  #change(action: string, shell: Shell): void {
    const caller = { home: homeDirectory() ?? '/', platform: process.platform };
    const hasBashCompletion = shell === 'bash' && loadsBashCompletion(caller);
    const files = completionFiles(shell, { env: process.env, hasBashCompletion, ...caller });
    const isInstall = action === 'install';
    const changes = isInstall ? installCompletion(files, this.#program(shell)) : uninstallCompletion(files);
    for (const { path, change } of changes) this.log(`${showPath(path)}: ${change}`);
    if (changes.length === 0) this.log(`The completion for ${shell} is ${isInstall ? 'already' : 'not'} installed`);
    else if (isInstall) this.note(`Open a new shell to use it. To undo: candle completion uninstall ${shell}`);
  }

  #program(shell: Shell): string {
    return readFileSync(join(this.config.root, 'dist', 'completions', shell), 'utf8');
  }
}
