// The schemas of what `--json` prints: a file each, and the page that tells which is whose.

/** Folder of the files, below docs/reference. */
const folder = 'json';

export function jsonSchemas(documents) {
  return Object.fromEntries(
    documents.map(({ name, title, schema }) => [
      `docs/reference/${folder}/${name}.json`,
      `${JSON.stringify({ ...schema, title }, null, 2)}\n`,
    ]),
  );
}

export function jsonPage(documents) {
  const rows = documents.map(({ name, title }) => `| ${title} | [${name}.json](${folder}/${name}.json) |`);
  return `# What \`--json\` prints

One object each, on stdout, and nothing on stderr. Of each there is a JSON Schema, made from the code and held against what
the commands print. Fields are neither renamed nor removed, and mean what they mean; a later version may add some, so a
reader has to pass over what it does not know. An MCP tool answers with the same document as the command of its use case
([which is whose](use-cases.md)). The schema of \`.candle.json\` is what \`candle config-schema\` prints.

| Printed by | Schema |
|---|---|
${rows.join('\n')}
`;
}
