import { UsageError } from '@candle/cli-kit';
import { superviseCall } from '../base-commands/supervise.ts';
import { OwnProjectCommand } from '../host/own-command.ts';
import {
  claimStdout,
  exitAfterTimeout,
  installErrorHandlers,
  limitHeap,
  refuseDebugger,
} from '../host/server-process.ts';

export default class Mcp extends OwnProjectCommand {
  static override enableJsonFlag = false;
  static override summary = 'Run the MCP server (Model Context Protocol) for coding agents on stdin and stdout.';
  static override description =
    `A coding agent starts this command; you do not run it by hand. Add the server to the configuration of an MCP client:

  { "mcpServers": { "candle": { "command": "candle", "args": ["mcp"] } } }

The tools work on the project of the directory in which the client starts the server. To use another project, pass --project, or set the field projectDir of a tool. If the directory does not belong to a project, the server asks the client for its working directories (roots), if the client supports that. The server exits when the client closes its stdin; the services that it started keep running.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --project ~/shop',
  ];

  async run() {
    const { flags } = await this.parse(Mcp);
    if (flags.project === '') throw new UsageError('--project must not be empty', this.id);
    if (process.stdin.isTTY) this.note('Waiting for an MCP client on stdin; press Ctrl-C to exit');
    refuseDebugger();
    limitHeap();
    const output = claimStdout(process);
    installErrorHandlers((text) => this.note(text));
    const { serveMcp } = await import('@candle/mcp');
    await serveMcp({
      host: {
        candle: () => this.host.candle(),
        supervise: (candle, progress) => superviseCall(this.host, (text) => this.note(text), { candle, progress }),
        isProjectGiven: flags.project !== undefined,
        findProject: ({ dir, ...accepted }) => this.host.findProject({ dir: dir ?? flags.project, ...accepted }),
      },
      input: process.stdin,
      output,
      version: this.config.version,
      note: (text) => this.note(text),
    });
    exitAfterTimeout();
  }
}
