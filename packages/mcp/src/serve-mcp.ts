import type { Readable, Writable } from 'node:stream';
import { CandleError, type Command, type Hint, isCandleError, quote, renderHint, safeText } from '@candle/core/errors';
import { cutText } from '@candle/core/logs';
import { explainError } from '@candle/core/system';
import {
  type CallToolResult,
  type InputRequiredResult,
  McpServer,
  type ServerContext,
  type StandardSchemaWithJSON,
} from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import * as v from 'valibot';
import { CallProgress, clientRoots, RootsWanted, toolContext } from './call/tool-context.ts';
import { ClientGoneError, InvalidToolInputError } from './errors.ts';
import type { McpHost } from './host.ts';
import { StreamTransport } from './stream-transport.ts';
import { clientSchema, type Tool, toolAnnotations } from './tool.ts';
import { tools } from './tools.ts';

export interface McpServing {
  readonly host: McpHost;
  readonly input: Readable;
  /** Receives only protocol messages. */
  readonly output: Writable;
  readonly version: string;
  /** Writes to the server's log: problems that are not reported to a client. */
  readonly note: (text: string) => void;
}

type CallResult = CallToolResult | InputRequiredResult;

/**
 * How long waits continue after the input has ended: enough to find what is already there, without waiting on behalf of
 * a client that has died.
 */
const waitAfterEndMs = 3_000;
/**
 * How long calls may then continue in total. Waits end at once, and what has begun, such as stopping a service, takes
 * seconds. The database and the runs stay consistent if the process ends before.
 */
const workAfterEndMs = 20_000;

/** Serves the tools until the input ends and every call is done. Services that were started keep running. */
export async function serveMcp(serving: McpServing): Promise<void> {
  const calls = new Set<Promise<CallResult>>();
  const cancelling = new AbortController();
  const giveUp = Promise.withResolvers<void>();
  const transport = new StreamTransport(serving.input, serving.output);
  serveStdio(() => createServer(serving, { calls, signal: cancelling.signal }), {
    transport,
    onerror: (error) => serving.note(`MCP: ${error.message}`),
  });
  await transport.inputEnded;
  const timers = [
    setTimeout(() => cancelling.abort(new ClientGoneError(waitAfterEndMs)), waitAfterEndMs),
    setTimeout(() => giveUp.resolve(), workAfterEndMs),
  ];
  // A cancelled call has no result, but the database must stay open until its work is done.
  await Promise.race([transport.closed.then(() => Promise.allSettled(calls)), giveUp.promise]);
  timers.forEach(clearTimeout);
}

interface Connection {
  /** Calls in progress. */
  readonly calls: Set<Promise<CallResult>>;
  /** Aborts every wait. */
  readonly signal: AbortSignal;
}

function createServer(serving: McpServing, { calls, signal }: Connection): McpServer {
  const server = new McpServer(
    { name: 'candle', title: 'Candle', version: serving.version },
    { instructions, capabilities: { tools: { listChanged: false } } },
  );
  for (const tool of tools) {
    const { title, description, input, output } = tool;
    const annotations = toolAnnotations(tool);
    const config = {
      title,
      description,
      annotations,
      inputSchema: advertised(input),
      outputSchema: advertised(output),
    };
    server.registerTool(tool.name, config, (input, ctx) => {
      const call = callTool(serving, server, tool, input, {
        ctx,
        signal: AbortSignal.any([ctx.mcpReq.signal, signal]),
      });
      calls.add(call);
      return call.finally(() => calls.delete(call));
    });
  }
  return server;
}

async function callTool(
  { host, note }: McpServing,
  server: McpServer,
  tool: Tool,
  input: unknown,
  { ctx, signal }: { ctx: ServerContext; signal: AbortSignal },
): Promise<CallResult> {
  const progress = new CallProgress(tool.title, progressReport(ctx));
  try {
    const context = toolContext(host, { signal, progress, roots: clientRoots(server, ctx) });
    return presentDocument(await tool.run(context, parseInput(tool, input)));
  } catch (error) {
    if (error instanceof RootsWanted) return error.answer;
    // A cancelled call has no result, so the error it ends with is expected.
    if (!isCandleError(error) && !ctx.mcpReq.signal.aborted) {
      note(error instanceof Error ? String(error.stack) : String(error));
    }
    return presentError(error);
  } finally {
    progress.close();
  }
}

/** Undefined if the client did not ask for progress. */
function progressReport({ mcpReq }: ServerContext): ConstructorParameters<typeof CallProgress>[1] {
  const progressToken = mcpReq._meta?.progressToken;
  if (progressToken === undefined) return undefined;
  return (report) => {
    const notification = { method: 'notifications/progress', params: { progressToken, ...report } } as const;
    // If the connection is closed, the notification is dropped.
    if (!mcpReq.signal.aborted) mcpReq.notify(notification).catch(() => undefined);
  };
}

/**
 * A schema that clients see and the SDK does not enforce: its messages about input differ from ours, and the compiler
 * checks the output.
 */
function advertised(schema: Tool['input' | 'output']): StandardSchemaWithJSON {
  const convert = () => ({ ...clientSchema(schema) });
  const jsonSchema = { input: convert, output: convert };
  return { '~standard': { version: 1, vendor: 'candle', validate: (value) => ({ value }), jsonSchema } };
}

/** Shown to the client's model as a description of the whole server. */
const instructions = [
  'Candle reserves ports for the services of a project, runs the services in the background with PORT set to the reserved',
  'port, and keeps their output. To run the services of the project, call Up, which leaves running services alone and',
  'returns when all are ready; if something goes wrong, call GetLogs. To configure a new service, call AddServerConfig. Do',
  'not poll: use WaitForLog or WaitForReady. Never choose a port yourself, and never start a dev server in your own shell.',
  'Services that Candle starts keep running after this conversation ends; stop them with Down.',
].join(' ');

const kinds: Readonly<Record<string, string>> = { string: 'a string', number: 'a number', boolean: 'true or false' };

/**
 * Parses the input of a call according to the tool's schema. Also rejects unknown fields: otherwise a misspelt field would
 * count as omitted, which often means "all".
 * @throws InvalidToolInputError
 */
export function parseInput<Input extends Tool['input']>(tool: Tool<Input>, input: unknown): v.InferOutput<Input> {
  // A call without arguments has no input.
  const given: object = Object(input ?? {});
  const fields = Object.keys(tool.input.entries);
  const unknown = Object.keys(given).filter((name) => !fields.includes(name));
  const { success, output, issues = [] } = v.safeParse(tool.input, given);
  if (success && unknown.length === 0) return output;
  // Only rules about several fields have no path.
  const rules = issues.filter(({ path }) => path === undefined);
  const problems = [
    ...issues.filter((issue) => !rules.includes(issue)).map(problemOf),
    ...(unknown.length === 0 ? [] : [`unknown field ${unknown.map(quote).join(', ')}`]),
    ...rules.map(({ message }) => message),
  ];
  throw new InvalidToolInputError(tool.name, problems, fields);
}

function problemOf(issue: v.BaseIssue<unknown>): string {
  const field = v.getDotPath(issue) ?? '';
  if (issue.input === undefined) return `${field} is missing`;
  const kind = kinds[issue.type];
  return kind === undefined ? issue.message : `${field} must be ${kind}`;
}

/** Returns the document of a use case as structured content and again as text, for clients that read only text. */
function presentDocument(document: object): CallToolResult {
  return { content: [{ type: 'text', text: JSON.stringify(document) }], structuredContent: { ...document } };
}

const bugHint = 'This is a bug in Candle, not in your call. The log of the MCP server shows where it happened';

/** Returns the error message, followed by its hint. The error code is in the structured content. */
export function presentError(thrown: unknown): CallToolResult {
  const error = explainError(thrown);
  const known = isCandleError(error);
  const message = error instanceof Error ? error.message : String(error);
  const code = known ? error.code : 'INTERNAL';
  const advice = known ? CandleError.hintOf(error) : bugHint;
  const hint = advice === undefined ? null : renderToolHint(advice);
  // A hint may contain the last output lines of a service.
  const text = safeText(hint === null ? message : `${message}\n${hint}`);
  return {
    isError: true,
    content: [{ type: 'text', text }],
    structuredContent: { error: { code, message, hint, details: known ? bounded(error.details) : {} } },
  };
}

const chooseProject = 'Set projectDir to the directory of the project';

/**
 * Renders a hint for a caller of tools. It has fields instead of flags and gets the output for programs from a tool. It
 * chooses the project of each call, because its current directory means nothing to the server. Other commands stay as
 * they are, because an agent has a shell or a user who has one.
 */
export function renderToolHint(hint: Hint): string {
  if (typeof hint === 'string') return hint;
  if ('parts' in hint) return [...new Set(hint.parts.map(renderToolHint))].join(hint.separator);
  if ('instruction' in hint) return hint.instruction;
  if ('option' in hint) return hint.option === 'project' ? chooseProject : hint.option;
  if ('command' in hint) {
    if (['init', 'setup-project'].includes(idOf(hint.command) ?? '')) return chooseProject;
    const tool = toolFor(hint.command);
    if (tool !== undefined) return hint.purpose === undefined ? tool : `${hint.purpose}: call ${tool}`;
  }
  return renderHint(hint);
}

/** The tool whose result is what the command prints for programs. */
function toolFor(command: Command): string | undefined {
  const isForPrograms = command.some((argv) => argv.includes('--json'));
  return isForPrograms ? tools.find(({ useCase }) => useCase === idOf(command))?.name : undefined;
}

function idOf([argv = []]: Command): string | undefined {
  return argv[0] === 'candle' ? argv[1] : undefined;
}

/** Error details repeat the client's input, which can be megabytes long. */
const maxDetailLength = 2_000;

function bounded(details: Readonly<Record<string, unknown>>): unknown {
  const cut = (_key: string, value: unknown) =>
    typeof value === 'string' ? cutText(value, maxDetailLength).text : value;
  return JSON.parse(JSON.stringify(details, cut));
}
