// docs/reference/config.md: the JSON Schema of .candle.json, for people.

/** @param schema what `candle config-schema` prints */
export function configPage(schema) {
  const { properties, required } = schema.definitions.service;
  return `
# .candle.json

The services of a project, as the validation and the [JSON Schema](json/config.json) know them. Comments and trailing commas are
fine. \`services\` is a list, or an object of services by name. What Candle does not know is left as it is.

\`\`\`jsonc
{ "services": [{ "name": "api", "shell": "npm run dev" }] }
\`\`\`

\`candle config-schema\` prints the schema, so that an editor completes and checks the file; where Candle is a dependency of the
project, \`"$schema": "./node_modules/@candle/cli/config.schema.json"\` is all that it needs.

## A service

${fields(properties, new Set(['name', ...required]))}

Two services with the same \`strictPort\` number, and two whose names give the same variable (\`web-ui\` and \`web_ui\`: \`WEB_UI_PORT\`), are
refused.

A duration is a number with its unit, \`"500ms"\`, \`"10s"\`, \`"5m"\`, \`"2h"\`, or a bare number of seconds.

${Object.entries(properties)
  .flatMap(([name, schema]) => {
    const object = forms(schema).find((form) => form.properties);
    return object ? [`## ${name}\n\n${fields(object.properties, new Set(object.required))}\n`] : [];
  })
  .join('\n')}
## Templates

In \`shell\`, in the values of \`env\`, and in \`ready\`:

| Written | Becomes |
|---|---|
| \`\${port}\` | the reserved port of the service itself; in the \`shell\` of a service that has none it is left to the shell |
| \`\${services.api.port}\` | the reserved port of the service \`api\` |
| \`\${services.api.url}\` | \`http://localhost:4000\`, with that port |
| \`\${env.NAME}\` | another variable of the \`env\` of this service |
| \`$\${…}\` | \`\${…}\` itself |

Any other \`\${…}\` is left to the shell. All ports are reserved before anything starts, so two services may name each other.

## Beside the services

${fields({ excludePorts: schema.properties.excludePorts }, new Set())}
`.trimStart();
}

function forms(schema) {
  return schema.anyOf ?? [schema];
}

function fields(properties, required) {
  const rows = Object.entries(properties).map(([name, schema]) => {
    const told = [
      required.has(name) ? 'required' : '',
      schema.default === undefined ? '' : `default ${code(schema.default)}`,
    ];
    const type = [typeOf(schema, name), ...told].filter(Boolean).join('; ');
    const examples = (schema.examples ?? []).map(code).join(', ');
    return `| \`${name}\` | ${type} | ${[schema.description, examples && `Such as ${examples}.`].filter(Boolean).join(' ')} |`;
  });
  return ['| Field | Is | |', '|---|---|---|', ...rows].join('\n');
}

function typeOf(schema, name) {
  const words = forms(schema).map((form) => {
    if (form.enum) return form.enum.map(code).join(', ');
    if (form.const !== undefined) return code(form.const);
    if (form.properties) return `[an object](#${name.toLowerCase()})`;
    if (form.type === 'array') return `a list of ${plurals[form.items.type]}`;
    if (form.type === 'object') return 'an object of texts';
    const range = form.maximum === undefined ? '' : ` from ${form.minimum} to ${form.maximum}`;
    return `${singulars[form.type]}${range}`;
  });
  return words.join(' or ');
}

const singulars = {
  string: 'a text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  null: '`null`',
};
const plurals = { string: 'texts', integer: 'whole numbers' };

function code(value) {
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}
