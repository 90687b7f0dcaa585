import { addedServiceDocument, addService } from '@candle/core/config';
import { candle, quote, showPath } from '@candle/core/errors';
import { parsePortOrAuto } from '@candle/core/ports';
import { Args, Flags } from '@oclif/core';
import { OwnProjectCommand } from '../host/own-command.ts';

export default class AddService extends OwnProjectCommand {
  static override summary = 'Add a service to .candle.json, creating the file if necessary.';
  static override args = {
    name: Args.string({ required: true, ignoreStdin: true, description: 'Name of the new service.' }),
  };
  static override flags = {
    shell: Flags.string({ required: true, helpValue: 'CMD', summary: 'Command that starts the service.' }),
    root: Flags.string({ helpValue: 'DIR', summary: 'Directory to run the command in, relative to the project.' }),
    port: Flags.string({
      helpValue: 'auto|N',
      summary: 'Port to reserve at the first start: auto (the default), or a preferred port.',
      exclusive: ['no-port'],
    }),
    'no-port': Flags.boolean({ summary: 'The service never gets a port, because it does not listen on one.' }),
    tty: Flags.boolean({ summary: 'The service runs in a terminal, into which `candle send` types.' }),
  };
  static override examples = [
    "<%= config.bin %> <%= command.id %> api --shell 'npm run dev' --root apps/api",
    "<%= config.bin %> <%= command.id %> web --shell 'npx vite --port $PORT' --port 5173",
    "<%= config.bin %> <%= command.id %> worker --shell 'node worker.js' --no-port",
    "<%= config.bin %> <%= command.id %> console --shell 'bin/rails console' --no-port --tty",
  ];

  override readonly reportsConfig = true;

  async run() {
    const { args, flags } = await this.parse(AddService);
    const { shell, root, tty } = flags;
    const port = flags['no-port'] ? null : parsePortOrAuto(flags.port ?? 'auto');
    const { dir } = await this.findProject(flags, { allowNew: true, requireDirectory: true });
    const service = { name: args.name, shell, root, port, tty };
    const change = await addService(this.host.trust, dir, service);
    this.log(`Added service ${quote(args.name)} to ${showPath(change.path)}`);
    this.noteNext(candle('start', args.name));
    return addedServiceDocument(service, change);
  }
}
