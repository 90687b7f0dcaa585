import { UsageError } from '@candle/cli-kit';
import { claimStdout } from '../host/claim-stdout.ts';
import { exitAfterTimeout } from '../host/exit-after-timeout.ts';
import { limitHeap } from '../host/heap-limit.ts';
import { OwnProjectCommand } from '../host/own-command.ts';
import { installErrorHandlers } from '../host/process-error-handlers.ts';

export default class Mcp extends OwnProjectCommand {
  static override enableJsonFlag = false;
  static override summary = 'Serve the tools for coding agents on stdin and stdout (Model Context Protocol).';
  static override description =
    `Started by a coding agent and not by hand. To tell a client of it, add to its configuration:

  { "mcpServers": { "candle": { "command": "candle", "args": ["mcp"] } } }

The tools work on the project of the directory that the client starts it in; --project names another, and so does the field projectDir of every tool. Where that directory is no project, the client is asked for the directories that it works in (its roots), if it tells them. The server ends when the client closes its stdin; services that it has started go on.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --project ~/shop',
  ];

  async run() {
    const { flags } = await this.parse(Mcp);
    if (flags.project === '') throw new UsageError('The directory given with --project is empty', this.id);
    if (process.stdin.isTTY) this.note('Waiting for an MCP client on stdin; to end it: Ctrl-C');
    limitHeap();
    const output = claimStdout(process);
    installErrorHandlers((text) => this.note(text));
    const { serveMcp } = await import('@candle/mcp');
    await serveMcp({
      host: {
        candle: () => this.host.candle(),
        services: () => this.host.useCases(),
        supervisorProgram: this.host.supervisorProgram,
        isProjectGiven: flags.project !== undefined,
        findProject: ({ dir, allowNew }) => this.host.findProject({ dir: dir ?? flags.project, allowNew }),
      },
      input: process.stdin,
      output,
      version: this.config.version,
      callerEnv: process.env,
      note: (text) => this.note(text),
    });
    exitAfterTimeout();
  }
}
