// docs/reference/mcp.md: every tool, as clients are told of it.

/** @param tools what describeTools of @candle/mcp gives */
export function mcpPage(tools) {
  return `
# MCP tools

\`candle mcp\` serves these tools on stdin and stdout. A result is structured content, the object that the command of the same
use case prints with \`--json\`, and the same as text. A failure is a result with \`isError\`: its text is the sentence and, on
the lines after it, what to do; its structured content \`{"error": {code, message, hint, details}}\`. Each code stands in
[errors.md](errors.md). Beside the errors that are named with a tool, any may fail with \`MCP_INPUT_INVALID\`, with those
of the project (\`PROJECT_…\`, \`MCP_ROOT_NOT_CHOSEN\`) and of the state directory (\`STATE_…\`); one that takes a name with
\`SERVICE_NAME_INVALID\` or \`SERVICE_UNKNOWN\`.

Which project a call is about: what \`projectDir\` says; else the one that the server was given (\`candle mcp --project DIR\`) or
was started in; where that is none, the one project among the directories that the client works in (its roots).

Waits (\`WaitForLog\`, \`WaitForReady\`, and those with \`wait\`) end at once when the client cancels the call; what was started
goes on. A client that sends a progress token hears once a second how long a call has lasted and what it waits for.

${tools.map(({ name, title }) => `- [${name}](#${name.toLowerCase()}): ${lowerFirst(title)}`).join('\n')}

${tools.map(section).join('\n')}`.trimStart();
}

function section({ name, description, effect, useCase, input, output }) {
  const commands = 'leftOut' in useCase.commands ? [] : useCase.commands;
  const errors = useCase.errors.map((code) => `[\`${code}\`](errors.md#${code.toLowerCase()})`);
  const required = new Set(input.required ?? []);
  const rows = Object.entries(input.properties ?? {}).map(([field, schema]) => {
    const facts = [typeOf(schema), required.has(field) ? 'required' : '', schema.maximum ? `≤ ${schema.maximum}` : ''];
    return `| \`${field}\` | ${facts.filter(Boolean).join(', ')} | ${(schema.description ?? '').replaceAll('|', '\\|')} |`;
  });
  return `## ${name}

${description}

Effect: ${effect.clause}. On the command line: ${commands.map((id) => `\`candle ${id}\``).join(', ') || 'nothing'}.

| Field | | |
|---|---|---|
${rows.join('\n')}

\`\`\`ts
${shape(output, '')}
\`\`\`
${errors.length === 0 ? '' : `\nErrors: ${errors.join(', ')}.\n`}`;
}

function typeOf(schema) {
  return { string: 'text', integer: 'whole number', number: 'number', boolean: 'true or false' }[schema.type] ?? '';
}

/** A JSON Schema as a type of TypeScript, with its descriptions. */
function shape(schema, indent) {
  const any = schema.anyOf ?? schema.oneOf;
  if (any) {
    const isLong = any.some(({ properties }) => properties);
    return any.map((one) => shape(one, indent)).join(isLong ? ` |\n${indent}` : ' | ');
  }
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  if (schema.type === 'array') {
    const item = shape(schema.items, indent);
    return schema.items.anyOf || schema.items.oneOf ? `(${item})[]` : `${item}[]`;
  }
  if (schema.type !== 'object') return [schema.type].flat().join(' | ');
  const required = new Set(schema.required ?? []);
  const inner = `${indent}  `;
  const members = Object.entries(schema.properties ?? {}).map(([name, member]) => {
    const comment = member.description ? ` // ${member.description}` : '';
    return `${inner}${name}${required.has(name) ? '' : '?'}: ${shape(member, inner)}${comment}`;
  });
  return `{\n${members.join('\n')}\n${indent}}`;
}

function lowerFirst(text) {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
