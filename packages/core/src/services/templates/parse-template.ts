/** Plain text, or a reference to a value. */
export type TemplatePart = { readonly kind: 'text'; readonly text: string } | TemplateReference;

/** What a reference to a service or an entry of `ports` stands for. */
const addressProperties = ['port', 'url', 'browserUrl'] as const;
type AddressProperty = (typeof addressProperties)[number];

const addressReference = new RegExp(`^(services|ports)\\.(.+)\\.(${addressProperties.join('|')})$`, 's');

/** `source` is the reference as written. */
export type TemplateReference = { readonly source: string } & (
  | { readonly kind: 'own-port' }
  | { readonly kind: 'service'; readonly name: string; readonly property: AddressProperty }
  /** A further port of a service. */
  | { readonly kind: 'further-port'; readonly name: string; readonly variable: string }
  /** An entry of `ports`. */
  | { readonly kind: 'entry'; readonly name: string; readonly property: AddressProperty }
  /** Another variable in the same service's `env`. */
  | { readonly kind: 'variable'; readonly name: string }
  /** A `services.` or `ports.` reference without a valid name and property. */
  | { readonly kind: 'malformed'; readonly inside: string }
);

/**
 * Parses `${port}`, `${services.NAME.port}`, `${services.NAME.url}`, `${services.NAME.browserUrl}`,
 * `${services.NAME.ports.VARIABLE}`, the same properties of `${ports.NAME…}`, and `${env.NAME}`; `$${…}` is the text `${…}`. Any
 * other `${…}` belongs to the shell and is kept, but can contain references: `${PORT:-${services.api.port}}`.
 */
export function parseTemplate(text: string): readonly TemplatePart[] {
  const parts: TemplatePart[] = [];
  let plain = '';
  let at = 0;
  for (;;) {
    const open = text.indexOf('${', at);
    const close = open === -1 ? -1 : text.indexOf('}', open);
    if (close === -1) break;
    const isEscaped = open > at && text[open - 1] === '$';
    const reference = isEscaped ? undefined : findReference(text.slice(open, close + 1));
    plain += text.slice(at, isEscaped ? open - 1 : open);
    at = open + '${'.length;
    if (reference === undefined) {
      plain += '${';
    } else {
      if (plain !== '') parts.push({ kind: 'text', text: plain });
      parts.push(reference);
      plain = '';
      at = close + 1;
    }
  }
  plain += text.slice(at);
  if (plain !== '') parts.push({ kind: 'text', text: plain });
  return parts;
}

/** A name can contain dots; the last dot ends it. */
function findReference(source: string): TemplateReference | undefined {
  const inside = source.slice('${'.length, -1);
  if (inside === 'port') return { kind: 'own-port', source };
  if (inside.startsWith('env.')) return { kind: 'variable', source, name: inside.slice('env.'.length) };
  if (!/^(?:services|ports)\./.test(inside)) return undefined;
  const [, area, name, end] = addressReference.exec(inside) ?? [];
  const property = addressProperties.find((known) => known === end);
  if (name !== undefined && property !== undefined)
    return { kind: area === 'ports' ? 'entry' : 'service', source, name, property };
  const [, service, variable] = /^services\.(.+)\.ports\.([^.]+)$/s.exec(inside) ?? [];
  if (service === undefined || variable === undefined) return { kind: 'malformed', source, inside };
  return { kind: 'further-port', source, name: service, variable };
}

export function referencesIn(text: string): readonly TemplateReference[] {
  return parseTemplate(text).filter((part) => part.kind !== 'text');
}

/** Replaces each reference in the text with its value. */
export function fillTemplate(text: string, valueFor: (reference: TemplateReference) => string): string {
  return parseTemplate(text)
    .map((part) => (part.kind === 'text' ? part.text : valueFor(part)))
    .join('');
}
