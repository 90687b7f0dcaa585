import { UsageError } from '@candle/cli-kit';
import { printable, safeJson } from '@candle/core/errors';
import type { ServiceEnv } from '@candle/supervisor';
import { Args, Flags } from '@oclif/core';
import { OwnProjectCommand } from '../host/own-command.ts';
import { renderExplained, writeDotenv, writeShell } from '../present/environment.ts';
import { portChangeReporter } from '../present/port-changes.ts';

const formats = ['shell', 'dotenv', 'json'] as const;

export default class Env extends OwnProjectCommand {
  static override summary = 'Print the environment that a service would get.';
  static override description =
    `The environment is the one that a start from this shell would use: the variables of this shell, the ports of all services, envFile, env, and the reserved port of the service. Like a start, the command first reserves the ports that the configuration asks for. CANDLE_RUN_ID is missing because there is no run. If NAME is omitted, prints the variables that every service of the project gets.

Values are printed as they are, including secrets.`;
  static override args = {
    name: Args.string({
      ignoreStdin: true,
      description: 'Name of the service. If omitted, the variables that every service gets.',
    }),
  };
  static override flags = {
    format: Flags.string({
      helpValue: formats.join('|'),
      exclusive: ['explain'],
      summary:
        'Print for eval in a shell (default), for the dotenv library, or as one flat JSON object. --json prints the values with their sources.',
    }),
    explain: Flags.boolean({
      summary:
        'Show the source of each value, where later lines override earlier ones, and the variables of this shell that are dropped.',
    }),
  };
  static override examples = [
    'eval "$(<%= config.bin %> <%= command.id %> api)"',
    '<%= config.bin %> <%= command.id %> api --explain',
  ];

  async run() {
    const { args, flags } = await this.parse(Env);
    const format = formats.find((known) => known === (flags.format ?? 'shell'));
    if (format === undefined) throw new UsageError(`'${flags.format}' is not one of ${formats.join(', ')}`, this.id);
    if (flags.format !== undefined && this.jsonEnabled())
      throw new UsageError('--json cannot be combined with --format', this.id);
    const { dir } = await this.findProject(flags, { requireDirectory: true });
    const { env, envDocument, supervision } = await this.supervise();
    const found = await env(supervision, { projectDir: dir, name: args.name, onPorts: portChangeReporter(this) });
    if (flags.explain) this.log(renderExplained(found, dir));
    else this.print(found, format);
    return envDocument(found);
  }

  private print({ variables }: ServiceEnv, format: (typeof formats)[number]): void {
    if (format === 'json') {
      const pairs = variables.map(({ name, value }) => [name, value]);
      this.log(safeJson(Object.fromEntries(pairs), 2));
      return;
    }
    const { text, omitted } = format === 'shell' ? writeShell(variables) : writeDotenv(variables);
    // A shell or a file gets the values as they are. A terminal shows them like any other text.
    if (process.stdout.isTTY || this.jsonEnabled()) this.log(text);
    else process.stdout.write(`${text}\n`);
    // The calling shell already has the variables that it exported itself, whatever their names.
    const missing = variables.filter(
      ({ name, source }) => omitted.includes(name) && !(format === 'shell' && source.kind === 'caller'),
    );
    if (missing.length === 0) return;
    const names = missing.map(({ name }) => printable(name)).join(', ');
    this.note(`Omitted because ${format === 'shell' ? 'a shell' : 'dotenv'} cannot read them: ${names}`);
  }
}
