import { stripVTControlCharacters } from 'node:util';
import { cutText, isCandleError } from '@candle/core';
import type { CallToolResult } from '@modelcontextprotocol/server';

/** Returns the document of a use case as structured content and again as text, for clients that read only text. */
export function presentDocument(document: object): CallToolResult {
  return { content: [{ type: 'text', text: JSON.stringify(document) }], structuredContent: { ...document } };
}

/** Replacements for hints that refer to command-line flags, which a caller of a tool does not have. */
const hints: Readonly<Record<string, string>> = {
  PROJECT_NOT_FOUND: 'Set projectDir to the directory of the project.',
  PROJECT_TOO_WIDE: 'Set projectDir to the directory of the project.',
  PROJECT_NOT_A_DIRECTORY: 'Set projectDir to the directory of the project.',
  LOGS_COUNT_INVALID: 'Use a whole number, 0 or higher.',
  LOGS_TIME_INVALID: 'Use an age (30s, 10m, 2h, 1d), a date (2026-01-23) or a time (2026-01-23T10:30).',
  LOGS_CURSOR_INVALID: "Pass a 'cursor' from a GetLogs result unchanged.",
  LOGS_CURSOR_UNKNOWN: 'To start over, call GetLogs without startAt.',
  LOGS_PATTERN_EMPTY: 'Use a part of the line.',
  LOGS_PATTERN_INVALID: 'To search for it as plain text, omit regex.',
};

const bugHint = 'This is a bug in Candle, not in your call. The log of the MCP server shows where it happened.';

/** Returns the error message, followed by its hint. The error code is in the structured content. */
export function presentError(error: unknown): CallToolResult {
  const known = isCandleError(error);
  const message = error instanceof Error ? error.message : String(error);
  const code = known ? error.code : 'INTERNAL';
  const hint = known ? (hints[code] ?? error.hint ?? null) : bugHint;
  // A hint may contain the last output lines of a service.
  const text = stripVTControlCharacters(hint === null ? message : `${message}\n${hint}`);
  return {
    isError: true,
    content: [{ type: 'text', text }],
    structuredContent: { error: { code, message, hint, details: known ? bounded(error.details) : {} } },
  };
}

/** Error details repeat the client's input, which can be megabytes long. */
const maxDetailLength = 2_000;

function bounded(details: Readonly<Record<string, unknown>>): unknown {
  const cut = (_key: string, value: unknown) =>
    typeof value === 'string' ? cutText(value, maxDetailLength).text : value;
  return JSON.parse(JSON.stringify(details, cut));
}
