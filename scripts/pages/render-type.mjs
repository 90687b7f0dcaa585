/**
 * Renders a JSON Schema as a TypeScript type.
 * @param style how to render a string literal, a list, a union and a field; each page has its own
 */
export function renderType(schema, style, indent = '') {
  const any = schema.anyOf ?? schema.oneOf;
  if (schema.$ref) return schema.$ref.split('/').at(-1);
  if (any) {
    const isLong = any.filter(({ properties }) => properties).length > 1;
    return style.union(
      any.map((one) => renderType(one, style, isLong ? style.unionIndent(indent) : indent)),
      { isLong, indent },
    );
  }
  if (schema.const !== undefined) return literal(schema.const, style);
  if (schema.enum) return schema.enum.map((value) => literal(value, style)).join(' | ');
  if (schema.type === 'array') {
    const item = renderType(schema.items, style, indent);
    return style.list(schema.items.anyOf || schema.items.oneOf ? `(${item})` : item);
  }
  if (schema.type !== 'object') return schema.type === 'integer' ? style.integer : schema.type;
  const required = new Set(schema.required ?? []);
  const inner = `${indent}  `;
  const fields = Object.entries(schema.properties ?? {}).map(([name, field]) => {
    const nameAndMark = required.has(name) ? name : `${name}?`;
    return style.field(nameAndMark, renderType(field, style, inner), field.description, inner);
  });
  return `{\n${fields.join('\n')}\n${indent}}`;
}

function literal(value, style) {
  return typeof value === 'string' ? style.string(value) : JSON.stringify(value);
}
