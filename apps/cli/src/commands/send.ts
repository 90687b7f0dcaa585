import { Args } from '@oclif/core';
import { ServiceCommand } from '../services/service-command.ts';

export default class Send extends ServiceCommand {
  static override summary = 'Send a line, or all of stdin, to the input of a running service.';
  static override description = `A configured service takes input with "enableStdin": true, a transient one always does.

TEXT gets a newline behind it. With - the own stdin is sent to its end, byte for byte; the service does not see that end. Text that begins with - goes behind --.`;
  static override args = {
    name: Args.string({ required: true, ignoreStdin: true, description: 'Service to send to.' }),
    text: Args.string({ required: true, ignoreStdin: true, description: 'A line of text, or - for stdin.' }),
  };
  static override examples = [
    '<%= config.bin %> <%= command.id %> web r',
    "<%= config.bin %> <%= command.id %> api -- '--verbose'",
    'cat dump.sql | <%= config.bin %> <%= command.id %> db -',
  ];

  async run() {
    const { args, flags } = await this.parse(Send);
    const { dir } = await this.findServiceProject(flags);
    const { send, sentDocument, supervision } = await this.supervise();
    const bytes = args.text === '-' ? process.stdin : [Buffer.from(`${args.text}\n`)];
    const sent = await send(supervision, { projectDir: dir, name: args.name, bytes });
    const { run, sentBytes } = sent;
    this.log(`Sent ${sentBytes} ${sentBytes === 1 ? 'byte' : 'bytes'} to '${run.serviceName}'`);
    return sentDocument(sent);
  }
}
