import { findNodeAtLocation } from 'jsonc-parser';
import { findCycle } from '../../config/dependencies.ts';
import { nearestName } from '../../config/nearest-name.ts';
import { fieldOf, listMembers, nameOf, type ServiceNode, type TextProblem } from '../../config/syntax-tree.ts';
import { quote } from '../../errors/quote.ts';
import { firstPort } from '../../ports/port-range.ts';
import { serviceUrl } from '../port-variables.ts';

/** A text that can contain templates, with its location in the file. */
interface TemplateText {
  readonly offset: number;
  readonly field: string;
  readonly text: string;
}

/** Invalid references, each at its own text, and cycles of variables. */
export function findTemplateProblems(services: readonly ServiceNode[]): readonly TextProblem[] {
  const names = services.flatMap((service) => nameOf(service) ?? []);
  return services.flatMap((service) => {
    const env = listVariables(service);
    const known = { services: names, variables: env.map(({ name }) => name) };
    const texts = [...listTexts(service), ...env];
    const invalid = texts.flatMap(({ offset, field, text }) =>
      referencesIn(text).flatMap((reference) => {
        const problem = findReferenceProblem(reference, known);
        return problem === undefined ? [] : [{ offset, field, problem }];
      }),
    );
    return [...invalid, ...findCycleProblems(env)];
  });
}

const plainFields = [['shell'], ['ready', 'http'], ['ready', 'log'], ['ready', 'exec'], ['ready', 'port']] as const;

function listTexts({ node, field }: ServiceNode): readonly TemplateText[] {
  return plainFields.flatMap((path) => {
    const found = findNodeAtLocation(node, [...path]);
    if (found?.type !== 'string') return [];
    return [{ offset: found.offset, field: path.reduce<string>(fieldOf, field), text: String(found.value) }];
  });
}

function listVariables({ node, field }: ServiceNode): readonly (TemplateText & { readonly name: string })[] {
  const env = findNodeAtLocation(node, ['env']);
  if (env === undefined) return [];
  return listMembers(env).flatMap(({ key, value }) => {
    if (value === undefined) return [];
    const name = String(key.value);
    return [{ name, offset: value.offset, field: fieldOf(`${field}.env`, name), text: String(value.value) }];
  });
}

/** Cycles, each at its first variable. A cycle that shares a variable with another appears once the other is fixed. */
function findCycleProblems(env: readonly (TemplateText & { readonly name: string })[]): readonly TextProblem[] {
  const cycle = findCycle(
    env.map(({ name, text }) => ({
      name,
      dependsOn: referencesIn(text).flatMap((reference) => (reference.kind === 'variable' ? [reference.name] : [])),
    })),
  );
  const first = cycle && env.find(({ name }) => name === cycle[0]);
  if (cycle === undefined || first === undefined) return [];
  const { offset, field } = first;
  const problem = `is circular: ${cycle.map(quote).join(' → ')}; give one of them a value`;
  return [{ offset, field, problem }, ...findCycleProblems(env.filter(({ name }) => !cycle.includes(name)))];
}

/** The names that references can use. */
export interface ReferableNames {
  /** Undefined if they are not known; then every name is accepted. */
  readonly services: readonly string[] | undefined;
  /** Names in the service's own `env`. */
  readonly variables: readonly string[];
}

/** Why a reference is invalid, with what to write instead; undefined for a valid one. */
export function findReferenceProblem(reference: TemplateReference, known: ReferableNames): string | undefined {
  switch (reference.kind) {
    case 'own-port':
      return undefined;
    case 'malformed':
      return malformedProblem(reference.source, reference.inside, known);
    case 'variable':
      return known.variables.includes(reference.name) ? undefined : variableProblem(reference, known);
    case 'service':
      return known.services?.includes(reference.name) === false ? serviceProblem(reference, known.services) : undefined;
  }
}

function serviceProblem(
  { source, name, property }: Extract<TemplateReference, { kind: 'service' }>,
  services: readonly string[],
): string {
  const nearest = nearestName(name, services);
  const suggestion =
    nearest === undefined ? listConfigured(services) : `; did you mean \${services.${nearest}.${property}}?`;
  return `${source} refers to ${quote(name)}, which is not configured${suggestion}`;
}

/** A longer list would not help. */
const maxNames = 8;

function listConfigured(services: readonly string[]): string {
  return services.length > maxNames
    ? ''
    : `; the configured services are ${services.map((name) => quote(name)).join(', ')}`;
}

function variableProblem(
  { source, name }: Extract<TemplateReference, { kind: 'variable' }>,
  { variables }: ReferableNames,
): string {
  const nearest = nearestName(name, variables);
  const suggestion =
    nearest === undefined ? `; add it there, or write $${name} in shell` : `; did you mean \${env.${nearest}}?`;
  return `${source} refers to ${quote(name)}, which is not in the env of this service${suggestion}`;
}

/** A service has only the properties `port` and `url`. */
function malformedProblem(source: string, inside: string, { services = [] }: ReferableNames): string {
  const path = inside.slice('services.'.length);
  const dot = path.lastIndexOf('.');
  const isBare = dot === -1 || services.includes(path);
  const name = isBare ? path : path.slice(0, dot);
  const property = isBare ? 'port' : (nearestName(path.slice(dot + 1), ['port', 'url']) ?? 'port');
  const suggestion = `\${services.${name === '' ? 'NAME' : name}.${property}}`;
  return `${source} must end with .port or .url; did you mean ${suggestion}?`;
}

/** Plain text, or a reference to a value. */
export type TemplatePart = { readonly kind: 'text'; readonly text: string } | TemplateReference;

/** `source` is the reference as written. */
export type TemplateReference = { readonly source: string } & (
  | { readonly kind: 'own-port' }
  | { readonly kind: 'service'; readonly name: string; readonly property: 'port' | 'url' }
  /** Another variable in the same service's `env`. */
  | { readonly kind: 'variable'; readonly name: string }
  /** A `services.` reference without a valid name and property. */
  | { readonly kind: 'malformed'; readonly inside: string }
);

/**
 * Parses `${port}`, `${services.NAME.port}`, `${services.NAME.url}` and `${env.NAME}`; `$${…}` is the text `${…}`. Any other
 * `${…}` belongs to the shell and is kept, but can contain references: `${PORT:-${services.api.port}}`.
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

/** A service name can contain dots; the last dot ends it. */
function findReference(source: string): TemplateReference | undefined {
  const inside = source.slice('${'.length, -1);
  if (inside === 'port') return { kind: 'own-port', source };
  if (inside.startsWith('env.')) return { kind: 'variable', source, name: inside.slice('env.'.length) };
  if (!inside.startsWith('services.')) return undefined;
  const [, name, property] = /^services\.(.+)\.(port|url)$/s.exec(inside) ?? [];
  if (name === undefined) return { kind: 'malformed', source, inside };
  return { kind: 'service', source, name, property: property === 'url' ? 'url' : 'port' };
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

/** The text with sample values for its templates; undefined if the value of a template cannot be predicted. */
export function sampleText(text: string): string | undefined {
  if (referencesIn(text).some(({ kind }) => kind === 'variable' || kind === 'malformed')) return undefined;
  return fillTemplate(text, (reference) => {
    const isUrl = reference.kind === 'service' && reference.property === 'url';
    return isUrl ? serviceUrl(firstPort) : String(firstPort);
  });
}
