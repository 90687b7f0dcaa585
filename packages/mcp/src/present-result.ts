import { stripVTControlCharacters } from 'node:util';
import { cutText, isCandleError } from '@candle/core';
import type { CallToolResult } from '@modelcontextprotocol/server';

/** The document of a use case; the same as text, for clients that read nothing else. */
export function presentDocument(document: object): CallToolResult {
  return { content: [{ type: 'text', text: JSON.stringify(document) }], structuredContent: { ...document } };
}

/** Hints that name a flag of the command line, as a caller of a tool can follow them. */
const hints: Readonly<Record<string, string>> = {
  PROJECT_NOT_FOUND: 'Give projectDir, the directory of the project.',
  PROJECT_TOO_WIDE: 'Give projectDir, the directory of the project.',
  PROJECT_NOT_A_DIRECTORY: 'Give projectDir, the directory of the project.',
  LOGS_COUNT_INVALID: 'Give a whole number from 0 up.',
  LOGS_TIME_INVALID: 'How long ago (30s, 10m, 2h, 1d), a date (2026-01-23) or a time (2026-01-23T10:30).',
  LOGS_CURSOR_INVALID: "A cursor is what GetLogs gives as 'cursor', taken over as it is.",
  LOGS_CURSOR_UNKNOWN: 'To begin anew, call GetLogs without startAt.',
  LOGS_PATTERN_EMPTY: 'Give a part of the line.',
  LOGS_PATTERN_INVALID: 'Without regex it is looked for as plain text.',
};

const bugHint = 'This is a bug of Candle, not a mistake of yours. The log of the MCP server shows where it happened.';

/** The sentence of a failure and, on the lines after it, what to do. Its code is in the structured content. */
export function presentError(error: unknown): CallToolResult {
  const known = isCandleError(error);
  const message = error instanceof Error ? error.message : String(error);
  const code = known ? error.code : 'INTERNAL';
  const hint = known ? (hints[code] ?? error.hint ?? null) : bugHint;
  // A hint may hold the last lines of a service.
  const text = stripVTControlCharacters(hint === null ? message : `${message}\n${hint}`);
  return {
    isError: true,
    content: [{ type: 'text', text }],
    structuredContent: { error: { code, message, hint, details: known ? bounded(error.details) : {} } },
  };
}

/** What a client has said comes back in the details of its error: not all of it, when that is megabytes. */
const maxDetailLength = 2_000;

function bounded(details: Readonly<Record<string, unknown>>): unknown {
  const cut = (_key: string, value: unknown) =>
    typeof value === 'string' ? cutText(value, maxDetailLength).text : value;
  return JSON.parse(JSON.stringify(details, cut));
}
