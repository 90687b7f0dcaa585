import { findNodeAtLocation } from 'jsonc-parser';
import { findCycle } from '../../config/dependencies.ts';
import { nearestName } from '../../config/nearest-name.ts';
import { findVariablePrefix } from '../../config/service-fields.ts';
import { fieldOf, listMembers, nameOf, type ServiceNode, type TextProblem } from '../../config/syntax-tree.ts';
import { quote } from '../../errors/quote.ts';
import { firstPort } from '../../ports/port-range.ts';
import {
  type Addressed,
  findOtherProtocol,
  hasUrl,
  isLocalWebUrl,
  type PortNaming,
  serviceUrl,
} from '../service-url.ts';
import { fillTemplate, referencesIn, type TemplateReference } from './parse-template.ts';

/** A text that can contain templates, with its location in the file. */
interface TemplateText {
  readonly offset: number;
  readonly field: string;
  readonly text: string;
}

/**
 * Invalid references, each at its own text, and cycles of variables. `config` is undefined if the file has other problems; then
 * only the names of services and variables are checked.
 */
export function findTemplateProblems(
  services: readonly ServiceNode[],
  config: PortNaming | undefined,
): readonly TextProblem[] {
  const names = services.flatMap((service) => nameOf(service) ?? []);
  return services.flatMap((service) => {
    const env = listVariables(service);
    const known = { services: names, variables: env.map(({ name }) => name), config, own: nameOf(service) };
    const texts = [...listTexts(service), ...env];
    const invalid = texts.flatMap(({ offset, field, text }) =>
      referencesIn(text).flatMap((reference) => {
        // The command may use a shell variable called port.
        const isShellVariable = reference.kind === 'own-port' && field === `${service.field}.shell`;
        const problem = isShellVariable ? undefined : findReferenceProblem(reference, known);
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

/** What a shell would replace: `$NAME`, `${NAME}` with any operator, and `$(command)`. `$$` does not begin any of them. */
const shellSyntax = /(?<![$\\])\$(?:([A-Z_][A-Z0-9_]+)(?!\w)|\{(?!port\})([A-Za-z_]\w*)(?:[^\w.}][^}]*)?\}|\((?!\())/;

/** Values of `env` that were probably meant to be expanded by a shell, although no shell reads them. */
export function findLiteralVariables(services: readonly ServiceNode[]): readonly TextProblem[] {
  const names = services.flatMap((service) => nameOf(service) ?? []);
  return services.flatMap((service) => {
    const env = listVariables(service);
    return env.flatMap(({ name, offset, field, text }) => {
      const [source = '', plain, braced] = shellSyntax.exec(text) ?? [];
      if (source === '') return [];
      const variable = plain ?? braced;
      const found = variable === undefined ? '$(…)' : plain === undefined ? source : `$${plain}`;
      const template = variable === undefined ? undefined : templateFor(variable, { name, env, services: names });
      const advice = template === undefined ? exportAdvice(name, text) : `write ${template} instead`;
      const problem = `contains ${found}, which stays as it is, because no shell expands it; ${advice}`;
      return [{ offset, field, problem }];
    });
  });
}

/** What to write in a command, which a shell reads. */
function exportAdvice(name: string, text: string): string {
  const value = /^[\w./:${}()-]+$/.test(text) ? text : '"…"';
  return `remove it here, and begin "shell" with: export ${name}=${value};`;
}

/** The template with the value that a variable of this name usually has. */
function templateFor(
  variable: string,
  {
    name,
    env,
    services,
  }: {
    name: string;
    env: readonly { readonly name: string }[];
    services: readonly string[];
  },
): string | undefined {
  if (variable === 'PORT') return '${port}';
  if (variable !== name && env.some((one) => one.name === variable)) return `\${env.${variable}}`;
  const [, prefix, property = ''] = /^(.+?)_(PORT|BROWSER_URL|URL)$/.exec(variable) ?? [];
  const service = services.find((one) => prefix !== undefined && findVariablePrefix(one) === prefix);
  const written = property === 'BROWSER_URL' ? 'browserUrl' : property.toLowerCase();
  return service && `\${services.${service}.${written}}`;
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

/** What references can use. */
export interface Referable {
  /** Undefined if they are not known; then every name is accepted. */
  readonly services: readonly string[] | undefined;
  /** Names in the service's own `env`. */
  readonly variables: readonly string[];
  readonly config: PortNaming | undefined;
  /** The name of the service itself. */
  readonly own: string | undefined;
}

/** Why a reference is invalid, with what to write instead; undefined for a valid one. */
export function findReferenceProblem(reference: TemplateReference, known: Referable): string | undefined {
  const { config } = known;
  switch (reference.kind) {
    case 'own-port':
      return config?.services.find(({ name }) => name === known.own)?.port === null
        ? `${reference.source} needs a port, but port is null: set it to "auto"`
        : undefined;
    case 'malformed':
      return malformedProblem(reference.source, reference.inside, known);
    case 'variable':
      return known.variables.includes(reference.name) ? undefined : variableProblem(reference, known);
    case 'service': {
      if (known.services?.includes(reference.name) === false) return serviceProblem(reference, known);
      const service = config?.services.find(({ name }) => name === reference.name);
      return service && propertyProblem(reference, service);
    }
    case 'further-port':
      if (known.services?.includes(reference.name) === false) return serviceProblem(reference, known);
      return furtherPortProblem(reference, config);
    case 'entry':
      return entryProblem(reference, config);
  }
}

type Reference<Kind extends TemplateReference['kind']> = Extract<TemplateReference, { kind: Kind }>;

/** A port that is never reserved, or a URL that is not set. */
function propertyProblem(
  { source, name, property }: Reference<'service' | 'entry'>,
  found: PortNaming['services'][number] | PortNaming['ports'][number],
): string | undefined {
  if (found.port === null && (property === 'port' || found.url === undefined))
    return `${source} needs a port, but the port of ${quote(name)} is null: set it to "auto"`;
  if (property === 'port') return undefined;
  if (!hasUrl(found)) return noUrlProblem(source, found);
  const url = found.url === undefined ? undefined : sampleText(found.url);
  return property === 'url' || url === undefined || isLocalWebUrl(url) ? undefined : noUrlProblem(source, found, url);
}

/**
 * Why the URL of a service or an entry is not set, with what to write instead. `url`: the one that other services get, if only
 * its URL for browsers is not set.
 */
export function noUrlProblem(source: string, addressed: Addressed, url?: string): string {
  const name = quote(addressed.name);
  const instead = (property: string) => source.replace(/\.\w+\}$/, `.${property}}`);
  if (url !== undefined)
    return `${source} has no value, because the URL of ${name} does not begin with http://localhost: use ${instead('url')}`;
  const port = instead('port');
  const reason = findOtherProtocol(addressed) ?? 'its protocol is unknown';
  return `${source} has no value, because ${name} does not seem to speak HTTP (${reason}): set its "url", or use ${port}`;
}

function furtherPortProblem(
  { source, name, variable }: Reference<'further-port'>,
  config: PortNaming | undefined,
): string | undefined {
  const service = config?.services.find((one) => one.name === name);
  const variables = service?.ports.map((one) => one.variable) ?? [];
  if (service === undefined || variables.includes(variable)) return undefined;
  const nearest = nearestName(variable, variables);
  const suggestion = nearest === undefined ? '; add it there' : `; did you mean \${services.${name}.ports.${nearest}}?`;
  return `${source} refers to ${quote(variable)}, which is not in the ports of ${quote(name)}${suggestion}`;
}

function entryProblem(reference: Reference<'entry'>, config: PortNaming | undefined): string | undefined {
  const { source, name, property } = reference;
  if (config === undefined) return undefined;
  const entry = config.ports.find((one) => one.name === name);
  if (entry !== undefined) return propertyProblem(reference, entry);
  const isService = config.services.some((one) => one.name === name);
  const nearest = nearestName(
    name,
    config.ports.map((one) => one.name),
  );
  const meant = isService ? `services.${name}` : nearest && `ports.${nearest}`;
  const suggestion = meant === undefined ? '; add it there' : `; did you mean \${${meant}.${property}}?`;
  return `${source} refers to ${quote(name)}, which is not in ports${suggestion}`;
}

function serviceProblem(
  { source, name, ...rest }: Reference<'service' | 'further-port'>,
  { services = [], config }: Referable,
): string {
  const nearest = nearestName(name, services);
  const isEntry = config?.ports.some((one) => one.name === name) === true;
  const meant = isEntry ? `ports.${name}` : nearest && `services.${nearest}`;
  const end = rest.kind === 'service' ? rest.property : `ports.${rest.variable}`;
  const suggestion = meant === undefined ? listConfigured(services) : `; did you mean \${${meant}.${end}}?`;
  return `${source} refers to ${quote(name)}, which is not configured${suggestion}`;
}

/** A longer list would not help. */
const maxNames = 8;

function listConfigured(services: readonly string[]): string {
  return services.length > maxNames
    ? ''
    : `; the configured services are ${services.map((name) => quote(name)).join(', ')}`;
}

function variableProblem({ source, name }: Reference<'variable'>, { variables }: Referable): string {
  const nearest = nearestName(name, variables);
  const suggestion =
    nearest === undefined ? `; add it there, or write $${name} in shell` : `; did you mean \${env.${nearest}}?`;
  return `${source} refers to ${quote(name)}, which is not in the env of this service${suggestion}`;
}

/** Other properties do not exist, except `ports` for further ports. */
function malformedProblem(source: string, inside: string, { services = [], config, own }: Referable): string {
  const further = furtherPortMeant(inside, config, own);
  if (further !== undefined)
    return `${source} is not a reference to a port; did you mean \${services.${further.name}.ports.${further.variable}}?`;
  const area = inside.startsWith('ports.') ? 'ports' : 'services';
  const path = inside.slice(area.length + 1);
  const names = area === 'services' ? services : (config?.ports ?? []).map(({ name }) => name);
  const known = names.find((one) => path === one || path.startsWith(`${one}.`));
  const name = known ?? path.replace(/\.[^.]*$/, '');
  const property =
    nearestName(path.slice(name.length + 1).replace(/\..*/s, ''), ['port', 'url', 'browserUrl']) ?? 'port';
  const suggestion = `\${${area}.${name === '' ? 'NAME' : name}.${property}}`;
  return `${source} must end with .port, .url or .browserUrl; did you mean ${suggestion}?`;
}

/** The further port whose variable is the last part of the reference, as in `services.web.port.HMR_PORT` or `ports.HMR_PORT`. */
function furtherPortMeant(inside: string, config: PortNaming | undefined, own: string | undefined) {
  const [, name = own, variable] = /^(?:services\.(.+)\.port|ports)\.([^.]+)$/s.exec(inside) ?? [];
  const service = config?.services.find((one) => one.name === name);
  return service?.ports.some((one) => one.variable === variable) ? { name, variable } : undefined;
}

/** The text with sample values for its templates; undefined if the value of a template cannot be predicted. */
export function sampleText(text: string): string | undefined {
  if (referencesIn(text).some(({ kind }) => kind === 'variable' || kind === 'malformed')) return undefined;
  return fillTemplate(text, (reference) => {
    const isUrl = 'property' in reference && reference.property !== 'port';
    return isUrl ? serviceUrl(firstPort) : String(firstPort);
  });
}
