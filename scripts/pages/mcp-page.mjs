// docs/reference/mcp.md: every tool, as clients see it.
import { renderType } from './render-type.mjs';

/**
 * @param tools the result of describeTools of @candle/mcp
 * @param useCaseCommands how the CLI provides each use case
 */
export function mcpPage(tools, useCaseCommands) {
  return `
# MCP tools

\`candle mcp\` serves these tools on stdin and stdout. The structured content of a result is the object that the command of the
same use case prints with \`--json\`; the text content is the same object as text. An error is a result with \`isError\`: its
text is the message, followed by the hint, and its structured content is \`{"error": {code, message, hint, details}}\`. All
codes are listed in [errors.md](errors.md). In addition to the errors listed for a tool, every tool may fail with
\`MCP_INPUT_INVALID\` and with errors of the project (\`PROJECT_…\`, \`MCP_ROOT_NOT_CHOSEN\`) and of the state directory
(\`STATE_…\`). Tools that take the name of a service may also fail with \`SERVICE_NAME_INVALID\` or \`SERVICE_UNKNOWN\`.

The project of a call is \`projectDir\` if given; otherwise the project that the server was started for
(\`candle mcp --project DIR\`) or started in; otherwise the only project among the directories that the client works in (its
roots).

Waits (\`WaitForLog\`, \`WaitForReady\`, and tools with \`wait\`) end immediately when the client cancels the call; services that
were started keep running. If a client sends a progress token, Candle notifies it once a second of how long the call has taken
and what it is waiting for.

${tools.map(({ name, title }) => `- [${name}](#${name.toLowerCase()}): ${lowerFirst(title)}`).join('\n')}

${tools.map((tool) => section(tool, useCaseCommands[tool.useCase].commands)).join('\n')}`.trimStart();
}

function section({ name, description, effect, errors, input, output }, commands) {
  const codes = errors.map((code) => `[\`${code}\`](errors.md#${code.toLowerCase()})`);
  const required = new Set(input.required ?? []);
  const rows = Object.entries(input.properties ?? {}).map(([field, schema]) => {
    const facts = [
      typeOf(schema),
      required.has(field) ? 'required' : '',
      schema.maximum ? `≤ ${schema.maximum}` : '',
      schema.enum ? `one of ${schema.enum.join(', ')}` : '',
    ];
    return `| \`${field}\` | ${facts.filter(Boolean).join(', ')} | ${(schema.description ?? '').replaceAll('|', '\\|')} |`;
  });
  return `## ${name}

${description}

Effect: ${effect.clause}. On the command line: ${commands.map((id) => `\`candle ${id}\``).join(', ')}.

| Field | Type | Description |
|---|---|---|
${rows.join('\n')}

\`\`\`ts
${renderType(output, style)}
\`\`\`
${codes.length === 0 ? '' : `\nErrors: ${codes.join(', ')}.\n`}`;
}

function typeOf(schema) {
  return { string: 'string', integer: 'whole number', number: 'number', boolean: 'true or false' }[schema.type] ?? '';
}

/** A compact type, with the descriptions as comments at the end of the lines. */
const style = {
  integer: 'integer',
  string: JSON.stringify,
  list: (item) => `${item}[]`,
  unionIndent: (indent) => indent,
  union: (members, { isLong, indent }) => members.join(isLong ? ` |\n${indent}` : ' | '),
  field: (name, type, description, indent) => `${indent}${name}: ${type}${description ? ` // ${description}` : ''}`,
};

function lowerFirst(text) {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
