import { addedServiceDocument, addService, shellWord } from '@candle/core';
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
  };
  static override examples = ["<%= config.bin %> <%= command.id %> api --shell 'npm run dev' --root apps/api"];

  async run() {
    const { args, flags } = await this.parse(AddService);
    const { dir } = await this.findProject(flags, { allowNew: true });
    const { shell, root } = flags;
    const service = { name: args.name, shell, ...(root === undefined ? {} : { root }) };
    const change = await addService(dir, service);
    this.log(`Added service '${args.name}' to ${change.path}`);
    this.noteNext(`candle start ${shellWord(args.name)}`);
    return addedServiceDocument(service, change);
  }
}
