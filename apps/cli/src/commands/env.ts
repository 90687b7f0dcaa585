import { UsageError } from '@candle/cli-kit';
import { printable } from '@candle/core';
import type { ServiceEnv } from '@candle/supervisor';
import { Args, Flags } from '@oclif/core';
import { writeDotenv } from '../present/environment/dotenv-environment.ts';
import { renderExplained } from '../present/environment/explained-environment.ts';
import { writeShell } from '../present/environment/shell-environment.ts';
import { PortsCommand } from '../services/ports-command.ts';

const formats = ['shell', 'dotenv', 'json'] as const;

export default class Env extends PortsCommand {
  static override summary = 'Print the environment that a service would get.';
  static override description =
    `What a start from this very shell would give it: this shell's own variables, the ports of all services, envFile, env, and its reserved port. Ports that the configuration wishes for are reserved first, as a start does it. CANDLE_RUN_ID is left out, as there is no run. Without a service: what every service of the project gets.

The values are shown as they are, secrets too. --format json is one flat object; --json tells the source of each value as well.`;
  static override args = {
    name: Args.string({ ignoreStdin: true, description: 'Service; left out, what every service gets.' }),
  };
  static override flags = {
    format: Flags.string({
      helpValue: formats.join('|'),
      exclusive: ['explain'],
      summary: 'For eval in a shell (when left out), for the dotenv library, or as an object.',
    }),
    explain: Flags.boolean({ summary: 'Show where each value comes from, the ones that win last.' }),
  };
  static override examples = [
    'eval "$(<%= config.bin %> <%= command.id %> api)"',
    '<%= config.bin %> <%= command.id %> api --explain',
  ];

  async run() {
    const { args, flags } = await this.parse(Env);
    const format = formats.find((one) => one === (flags.format ?? 'shell'));
    if (format === undefined) throw new UsageError(`'${flags.format}' is not one of ${formats.join(', ')}`, this.id);
    if (flags.format !== undefined && this.jsonEnabled())
      throw new UsageError('--json and --format say different things; give one of them', this.id);
    const { dir } = await this.findServiceProject(flags);
    const { env, envDocument, supervision } = await this.supervise();
    const found = await env(supervision, { projectDir: dir, name: args.name, onPorts: this.tellPorts });
    if (flags.explain) this.log(renderExplained(found.variables, dir));
    else this.print(found, format);
    return envDocument(found);
  }

  private print({ variables }: ServiceEnv, format: (typeof formats)[number]): void {
    if (format === 'json') {
      const pairs = variables.map(({ name, value }) => [name, value]);
      this.log(JSON.stringify(Object.fromEntries(pairs), null, 2));
      return;
    }
    const { text, leftOut } = format === 'shell' ? writeShell(variables) : writeDotenv(variables);
    this.log(text);
    // A shell has what it has exported itself, whatever its name.
    const missed = variables.filter(
      ({ name, source }) => leftOut.includes(name) && !(format === 'shell' && source.kind === 'caller'),
    );
    if (missed.length === 0) return;
    const names = missed.map(({ name }) => printable(name)).join(', ');
    this.note(`Left out, as ${format === 'shell' ? 'a shell' : 'dotenv'} cannot read them: ${names}`);
  }
}
