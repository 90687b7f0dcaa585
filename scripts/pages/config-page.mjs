// docs/reference/config.md: the JSON Schema of .candle.json as readable text.

/** @param schema the output of `candle config-schema` */
export function configPage(schema) {
  const { properties, required } = schema.definitions.service;
  const { ports, setup, excludePorts } = schema.properties;
  const entry = forms(ports.additionalProperties).find((form) => form.properties);
  const setupObject = forms(setup).find((form) => form.properties);
  return `
# .candle.json

\`.candle.json\` configures the services of a project. This page is generated from its [JSON Schema](json/config.json), which
Candle also uses to validate the file. Comments and trailing commas are allowed. \`services\` is a list, or an object with
the names of the services as keys. Candle keeps fields that it does not know, and
warns about one that is probably a misspelling of a field that it knows.

\`\`\`jsonc
{
  "services": [
    { "name": "api", "shell": "npm run dev", "port": "auto", "ports": { "DEBUG_PORT": 9229 } },
    { "name": "worker", "shell": "npm run worker", "port": null }
  ],
  "ports": { "db": { "port": 5432, "url": "postgres://dev@localhost:\${port}/shop" } }
}
\`\`\`

\`candle config-schema\` prints the schema, which editors use to complete and check the file. If Candle is a dependency of the
project, add \`"$schema": "./node_modules/@candle/cli/config.schema.json"\` to the file.

## Service

${fields(properties, new Set(['name', ...required]))}

Two ports must not require the same number with \`strictPort\`, and must not give the same variable (\`web-ui\` and \`web_ui\` both
give \`WEB_UI_PORT\`). Each reservation has a name: \`web\` for the port of the service \`web\`, \`web.HMR_PORT\` for its further
port \`HMR_PORT\`, and \`db\` for the entry \`db\` of the top-level \`ports\`. These names have to be different.

The other services get \`<NAME>_URL\` only if it is likely to be right: it is \`url\`, or else \`http://localhost:PORT\`, with \`https\`
if the check of \`ready\` with \`http\` needs TLS. Without \`url\`, it is not set if \`ready\` has a \`port\` number, if its \`exec\` runs a client of a well-known database or broker, such as
\`pg_isready\`, if the command runs such a program, itself or as a container, or if the last word of the name is one, such as
\`db\`, \`database\`, \`postgres\`, \`mysql\`, \`mongo\` or \`redis\`. A check of \`ready\` with \`http\` sets it in any case.

A duration is a number with a unit (\`"500ms"\`, \`"10s"\`, \`"5m"\`, \`"2h"\`), or a number of seconds without a unit.

${Object.entries(properties)
  .flatMap(([name, schema]) => {
    const object = forms(schema).find((form) => form.properties);
    return object ? [`## ${name}\n\n${fields(object.properties, new Set(object.required))}\n`] : [];
  })
  .join('\n')}
## Templates

You can use templates in \`shell\`, in the values of \`env\`, and in \`ready\`:

| Template | Replaced by |
|---|---|
| \`\${port}\` | the reserved port of the service itself; in the \`shell\` of a service without a reserved port, it is left to the shell |
| \`\${services.api.port}\` | the reserved port of the service \`api\` |
| \`\${services.api.url}\` | its URL: \`url\`, or \`http://localhost:4000\` with that port |
| \`\${services.api.ports.DEBUG_PORT}\` | a further port of the service \`api\` |
| \`\${ports.db.port}\`, \`\${ports.db.url}\` | the port and the URL of the entry \`db\` of the top-level \`ports\` |
| \`\${env.NAME}\` | another variable of the \`env\` of this service |
| \`$\${…}\` | \`\${…}\` itself |

Any other \`\${…}\` is left to the shell. No shell reads the values of \`env\`, so \`$PATH\` or \`$(command)\` in a value stays as it
is, and Candle warns about it: set such a variable in \`shell\`. A value that really contains such text belongs in an \`envFile\`,
whose values are never expanded. A line of an \`envFile\` that overrides one of the variables that Candle sets for the ports of
the project is reported at each start.

All ports are reserved before anything starts, so two services can refer to each
other. A template for a port that is never reserved, or for a URL that is not set, is an error. \`url\` itself can only contain
\`\${port}\`.

## Other fields

${fields({ ports, setup, excludePorts }, new Set())}

### Entries of ports

An entry is a port, or an object:

${fields(entry.properties, new Set(entry.required))}

## setup

${fields(setupObject.properties, new Set(setupObject.required))}
`.trimStart();
}

function forms(schema) {
  return schema.anyOf?.flatMap(forms) ?? [schema];
}

function fields(properties, required) {
  const rows = Object.entries(properties).map(([name, schema]) => {
    const facts = [
      required.has(name) ? 'required' : '',
      schema.default === undefined ? '' : `default ${code(schema.default)}`,
    ];
    const type = [typeOf(schema, name), ...facts].filter(Boolean).join('; ');
    const examples = (schema.examples ?? []).map(code).join(', ');
    return `| \`${name}\` | ${type} | ${[schema.description, examples && `Examples: ${examples}.`].filter(Boolean).join(' ')} |`;
  });
  return ['| Field | Type | Description |', '|---|---|---|', ...rows].join('\n');
}

function typeOf(schema, name) {
  const words = forms(schema).map((form) => {
    if (form.enum) return form.enum.map(code).join(', ');
    if (form.const !== undefined) return code(form.const);
    if (form.properties) return `[an object](#${name.toLowerCase()})`;
    if (form.type === 'array') return `a list of ${plurals[form.items.type]}`;
    if (form.type === 'object') return `an object of ${name === 'ports' ? 'ports' : 'strings'}`;
    const range = form.maximum === undefined ? '' : ` from ${form.minimum} to ${form.maximum}`;
    return `${singulars[form.type]}${range}`;
  });
  return words.join(' or ');
}

const singulars = {
  string: 'a string',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  null: '`null`',
};
const plurals = { string: 'strings', integer: 'whole numbers' };

function code(value) {
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}
