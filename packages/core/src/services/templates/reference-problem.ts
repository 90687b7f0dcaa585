import { nearestName } from '../../config/nearest-name.ts';
import { quote } from '../../errors/quote.ts';
import type { TemplateReference } from './template-syntax.ts';

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
