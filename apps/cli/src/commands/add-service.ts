import { addedServiceDocument, addService, parsePortOrAuto, shellWord } from '@candle/core';
import { Args, Flags } from '@oclif/core';
import { OwnProjectCommand } from '../host/own-command.ts';

export default class AddService extends OwnProjectCommand {
  static override summary = 'Add a service to .candle.json, which is made when it is missing.';
  static override args = {
    name: Args.string({ required: true, ignoreStdin: true, description: 'Name of the new service.' }),
  };
  static override flags = {
    shell: Flags.string({ required: true, helpValue: 'CMD', summary: 'Command that starts it.' }),
    root: Flags.string({ helpValue: 'DIR', summary: 'Directory it starts in, relative to the project.' }),
    port: Flags.string({
      helpValue: 'auto|N',
      summary: 'Port that is reserved at its first start: auto, or the number that it would like to have.',
    }),
  };
  static override examples = [
    "<%= config.bin %> <%= command.id %> api --shell 'npm run dev' --root apps/api",
    "<%= config.bin %> <%= command.id %> web --shell 'npx vite' --port 5173",
  ];

  async run() {
    const { args, flags } = await this.parse(AddService);
    const { shell, root } = flags;
    const port = flags.port === undefined ? undefined : parsePortOrAuto(flags.port);
    const { dir } = await this.findProject(flags, { allowNew: true });
    const service = { name: args.name, shell, root, port };
    const change = await addService(dir, service);
    this.log(`Added service '${args.name}' to ${change.path}`);
    this.noteNext(`candle start ${shellWord(args.name)}`);
    return addedServiceDocument(service, change);
  }
}
