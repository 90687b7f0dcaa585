// The schemas of the `--json` output: one file per document, and the page that lists them.

/** Folder of the files, in docs/reference. */
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
  return `# Output of \`--json\`

With \`--json\`, a command prints one object to stdout and nothing to stderr. Each object has a JSON Schema, which is generated
from the code and tested against the output of the commands. Fields are never renamed or removed, and never change their
meaning. Later versions may add fields, so programs must ignore fields that they do not know. An MCP tool returns the same
object as the command of its use case (see [use cases](use-cases.md)). \`candle config-schema\` prints the schema of
\`.candle.json\`.

| Printed by | Schema |
|---|---|
${rows.join('\n')}
`;
}
