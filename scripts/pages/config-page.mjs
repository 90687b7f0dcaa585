// docs/reference/config.md: the JSON Schema of .candle.json as readable text.

/** @param schema the output of `candle config-schema` */
export function configPage(schema) {
  const { properties, required } = schema.definitions.service;
  const { setup, excludePorts } = schema.properties;
  const setupObject = forms(setup).find((form) => form.properties);
  return `
# .candle.json

\`.candle.json\` configures the services of a project. This page is generated from its [JSON Schema](json/config.json), which
Candle also uses to validate the file. Comments and trailing commas are allowed. \`services\` is a list, or an object with
the names of the services as keys. Candle keeps fields that it does not know.

\`\`\`jsonc
{ "services": [{ "name": "api", "shell": "npm run dev" }] }
\`\`\`

\`candle config-schema\` prints the schema, which editors use to complete and check the file. If Candle is a dependency of the
project, add \`"$schema": "./node_modules/@candle/cli/config.schema.json"\` to the file.

## Service

${fields(properties, new Set(['name', ...required]))}

Two services must not have the same \`strictPort\` number, or names that give the same variable (\`web-ui\` and \`web_ui\` both
give \`WEB_UI_PORT\`).

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
| \`\${services.api.url}\` | \`http://localhost:4000\`, with that port |
| \`\${env.NAME}\` | another variable of the \`env\` of this service |
| \`$\${…}\` | \`\${…}\` itself |

Any other \`\${…}\` is left to the shell. All ports are reserved before anything starts, so two services can refer to each
other.

## Other fields

${fields({ setup, excludePorts }, new Set())}

## setup

${fields(setupObject.properties, new Set(setupObject.required))}
`.trimStart();
}

function forms(schema) {
  return schema.anyOf ?? [schema];
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
    if (form.type === 'object') return 'an object of strings';
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
