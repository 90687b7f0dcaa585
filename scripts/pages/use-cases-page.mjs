// docs/reference/use-cases.md: all use cases, with their commands and MCP tools.

/**
 * Takes the use cases with their effects (@candle/core), how the CLI provides them (use-case-commands.ts), and how the MCP
 * server does (@candle/mcp).
 */
export function useCasesPage(
  { useCaseEffects, effects },
  { useCaseCommands, otherCommands },
  { tools, useCasesWithoutTool },
) {
  const toolsOf = (name) => tools.filter(({ useCase }) => useCase === name).map((tool) => tool.name);
  const rows = Object.entries(useCaseEffects).map(
    ([name, effect]) =>
      `| ${name} | ${useCaseCommands[name].commands.map((id) => `\`candle ${id}\``).join(', ')} | ${toolsOf(name).map(toolLink).join(', ') || `– ${useCasesWithoutTool[name]}`} | ${effect} |`,
  );
  return `
# Use cases

A use case is one operation with two front ends: a command for people and scripts, and an MCP tool for coding agents. If a
use case has only one of them, the table says why. The effect of a use case determines the annotations of the MCP tool.

| Use case | Command | MCP tool | Effect |
|---|---|---|---|
${rows.join('\n')}

Commands that are not use cases: ${Object.entries(otherCommands)
    .map(([id, what]) => `\`candle ${id.replaceAll(':', ' ')}\` (${what})`)
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

function toolLink(name) {
  return `[${name}](mcp.md#${name.toLowerCase()})`;
}

function yes(is) {
  return is ? 'yes' : 'no';
}
