import { Args } from '@oclif/core';
import { OwnProjectCommand } from '../host/own-command.ts';

export default class Send extends OwnProjectCommand {
  static override summary = 'Send a line, or all of stdin, to the standard input of a running service.';
  static override description =
    `A configured service accepts input if it has "enableStdin": true or "tty": true; a transient service always does.

Candle adds a newline to TEXT, or the Enter key if the service has a terminal. With -, it sends its own stdin byte for byte, and the service does not see the end of file. Put -- before a text that begins with -.`;
  static override args = {
    name: Args.string({ required: true, ignoreStdin: true, description: 'Name of the service.' }),
    text: Args.string({ required: true, ignoreStdin: true, description: 'A line of text, or - for stdin.' }),
  };
  static override examples = [
    '<%= config.bin %> <%= command.id %> web r',
    "<%= config.bin %> <%= command.id %> api -- '--verbose'",
    'cat dump.sql | <%= config.bin %> <%= command.id %> db -',
    "printf '\\003' | <%= config.bin %> <%= command.id %> shell -",
  ];

  async run() {
    const { args, flags } = await this.parse(Send);
    const { dir } = await this.findProject(flags);
    const { send, sentDocument, supervision } = await this.supervise();
    const input = args.text === '-' ? process.stdin : args.text;
    const sent = await send(supervision, { projectDir: dir, name: args.name, input });
    const { run, sentBytes } = sent;
    this.log(`Sent ${sentBytes} ${sentBytes === 1 ? 'byte' : 'bytes'} to '${run.serviceName}'`);
    return sentDocument(sent);
  }
}
