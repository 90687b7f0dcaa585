import { quote } from '../../errors/quote.ts';
import { nearestName } from '../config/nearest-name.ts';
import type { TemplateReference } from './template-syntax.ts';

/** What there is to refer to. */
export interface Referable {
  /** Undefined where they are not known: then every name may be one. */
  readonly services: readonly string[] | undefined;
  /** Names of the service's own `env`. */
  readonly variables: readonly string[];
}

/** Why a reference leads nowhere, with what to write instead; undefined for a good one. */
export function findReferenceProblem(reference: TemplateReference, known: Referable): string | undefined {
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
  const meant = nearest === undefined ? namesToChoose(services) : `; did you mean \${services.${nearest}.${property}}?`;
  return `${source} names ${quote(name)}, which is not configured${meant}`;
}

/** More of them are no help. */
const maxNames = 8;

function namesToChoose(services: readonly string[]): string {
  return services.length > maxNames ? '' : `; configured are ${services.map((name) => quote(name)).join(', ')}`;
}

function variableProblem(
  { source, name }: Extract<TemplateReference, { kind: 'variable' }>,
  { variables }: Referable,
): string {
  const nearest = nearestName(name, variables);
  const meant =
    nearest === undefined ? `; add it there, or write $${name} in shell` : `; did you mean \${env.${nearest}}?`;
  return `${source} names ${quote(name)}, which is not in the env of this service${meant}`;
}

/** A service has a port and a url, and nothing else. */
function malformedProblem(source: string, inside: string, { services = [] }: Referable): string {
  const path = inside.slice('services.'.length);
  const dot = path.lastIndexOf('.');
  const isBare = dot === -1 || services.includes(path);
  const name = isBare ? path : path.slice(0, dot);
  const property = isBare ? 'port' : (nearestName(path.slice(dot + 1), ['port', 'url']) ?? 'port');
  const meant = `\${services.${name === '' ? 'NAME' : name}.${property}}`;
  return `${source} must end with .port or .url; did you mean ${meant}?`;
}
