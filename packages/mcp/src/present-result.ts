import { stripVTControlCharacters } from 'node:util';
import { CandleError, type Command, type Hint, isCandleError, renderHint } from '@candle/core/errors';
import { cutText } from '@candle/core/logs';
import type { CallToolResult } from '@modelcontextprotocol/server';
import { tools } from './tools.ts';

/** Returns the document of a use case as structured content and again as text, for clients that read only text. */
export function presentDocument(document: object): CallToolResult {
  return { content: [{ type: 'text', text: JSON.stringify(document) }], structuredContent: { ...document } };
}

const bugHint = 'This is a bug in Candle, not in your call. The log of the MCP server shows where it happened';

/** Returns the error message, followed by its hint. The error code is in the structured content. */
export function presentError(error: unknown): CallToolResult {
  const known = isCandleError(error);
  const message = error instanceof Error ? error.message : String(error);
  const code = known ? error.code : 'INTERNAL';
  const advice = known ? CandleError.hintOf(error) : bugHint;
  const hint = advice === undefined ? null : renderToolHint(advice);
  // A hint may contain the last output lines of a service.
  const text = stripVTControlCharacters(hint === null ? message : `${message}\n${hint}`);
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
    if (idOf(hint.command) === 'setup-project') return chooseProject;
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
