// docs/reference/use-cases.md: what there is to do, on both faces.

/** @param table the use cases of @candle/core, its effects, and the commands that are no use case */
export function useCasesPage({ useCases, effects, otherCommands }) {
  const rows = Object.entries(useCases).map(
    ([name, { effect, commands, tools }]) =>
      `| ${name} | ${cell(commands, (id) => `\`candle ${id}\``)} | ${cell(tools, (tool) => `[${tool}](mcp.md#${tool.toLowerCase()})`)} | ${effect} |`,
  );
  return `
# Use cases

A use case is one verb with two faces: a command for people and scripts, and an MCP tool for coding agents. Where one is
left out, the table says why. What MCP clients are told of a tool, and the line "Effect" in the help of a command, are
made from the same declaration.

| Use case | Command | MCP tool | Effect |
|---|---|---|---|
${rows.join('\n')}

Commands that are no use case: ${Object.entries(otherCommands)
    .map(([id, what]) => `\`candle ${id}\` (${what})`)
    .join(', ')}

## Effects

| Effect | Says | Read-only | Destructive | Idempotent |
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
