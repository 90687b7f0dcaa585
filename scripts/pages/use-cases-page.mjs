// docs/reference/use-cases.md: all use cases, with their commands and MCP tools.

/** Takes the use cases of @candle/core, their effects, and the commands that are not use cases. */
export function useCasesPage({ useCases, effects, otherCommands }) {
  const rows = Object.entries(useCases).map(
    ([name, { effect, commands, tools }]) =>
      `| ${name} | ${cell(commands, (id) => `\`candle ${id}\``)} | ${cell(tools, (tool) => `[${tool}](mcp.md#${tool.toLowerCase()})`)} | ${effect} |`,
  );
  return `
# Use cases

A use case is one operation with two front ends: a command for people and scripts, and an MCP tool for coding agents. If a
use case has only one of them, the table says why. The effect of a use case determines the annotations of the MCP tool.

| Use case | Command | MCP tool | Effect |
|---|---|---|---|
${rows.join('\n')}

Commands that are not use cases: ${Object.entries(otherCommands)
    .map(([id, what]) => `\`candle ${id}\` (${what})`)
    .join(', ')}

## Effects

| Effect | Description | Read-only | Destructive | Idempotent |
|---|---|---|---|---|
${Object.entries(effects)
  .map(
    ([name, { clause, changes, isDestructive, isIdempotent }]) =>
      `| ${name} | ${clause} | ${yes(!changes)} | ${yes(isDestructive)} | ${yes(isIdempotent)} |`,
  )
  .join('\n')}
`.trimStart();
}

function cell(names, show) {
  return 'leftOut' in names ? `– ${names.leftOut}` : names.map(show).join(', ');
}

function yes(is) {
  return is ? 'yes' : 'no';
}
