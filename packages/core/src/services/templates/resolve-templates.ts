import type { ServiceConfig } from '../../config/config-schema.ts';
import { findHttpProblem, findRegexProblem, type ReadyCheck } from '../../config/ready-check.ts';
import { fieldOf } from '../../config/syntax-tree.ts';
import { CandleError } from '../../errors/candle-error.ts';
import { candle, phrase } from '../../errors/hint.ts';
import { quote } from '../../errors/quote.ts';
import { furtherPortName } from '../../ports/port-preference.ts';
import { lastPort } from '../../ports/port-range.ts';
import type { ResolvedDefinition, ServiceDefinition } from '../service.ts';
import { browserUrlsOf, findUrl, type PortNaming } from '../service-url.ts';
import { fillTemplate, referencesIn, type TemplateReference } from './parse-template.ts';
import { findReferenceProblem, noUrlProblem } from './template-problems.ts';

/** The values for templates. */
export interface TemplateValues {
  /** The reserved ports of the project, by the names of their reservations. */
  readonly ports: ReadonlyMap<string, number>;
  /** Which services have a URL, and which one. */
  readonly config?: PortNaming | undefined;
  /** Replaces a port that is not reserved, and its URL. If omitted, a missing port is an error. */
  readonly portless?: string | undefined;
}

/** Replaces the templates in the text of a field. */
export type FillField = (field: string, text: string) => string;

/**
 * The definition with every template replaced by its value. Pure.
 * @throws TemplateWithoutPortError, InvalidTemplateError
 */
export function resolveTemplates(definition: ServiceDefinition, values: TemplateValues): ResolvedDefinition {
  const env = resolveEnv(definition, values);
  const fill: FillField = (field, text) =>
    fillBounded(definition, field, text, (reference) =>
      reference.kind === 'variable'
        ? (ownValue(env, reference.name) ?? refuse(definition, field, reference))
        : valueFor(definition, values, { field, reference }),
    );
  const shell = fill('shell', definition.shell);
  return { ...definition, shell, env, ready: resolveReady(definition, fill) };
}

/** Characters. The system accepts less, and variables that contain each other several times grow exponentially. */
const maxFilled = 1024 * 1024;

/** @throws InvalidTemplateError if the values are too long */
function fillBounded(
  { name }: ServiceDefinition,
  field: string,
  text: string,
  valueFor: (reference: TemplateReference) => string,
): string {
  let length = 0;
  return fillTemplate(text, (reference) => {
    const value = valueFor(reference);
    length += value.length;
    if (length <= maxFilled) return value;
    throw new InvalidTemplateError({ serviceName: name, field }, 'the values of its templates are longer than 1 MiB');
  });
}

/**
 * Only the variables. They can refer to each other; the configuration guarantees that they are acyclic. Pure.
 * @throws TemplateWithoutPortError, InvalidTemplateError
 */
export function resolveEnv(definition: ServiceDefinition, values: TemplateValues): Readonly<Record<string, string>> {
  const resolved = new Map<string, string>();
  const resolve = (name: string, text: string, path: readonly string[]): string => {
    const field = fieldOf('env', name);
    const value = fillBounded(definition, field, text, (reference) => {
      if (reference.kind !== 'variable') return valueFor(definition, values, { field, reference });
      const next = ownValue(definition.env, reference.name);
      if (next === undefined || path.includes(reference.name)) return refuse(definition, field, reference);
      return resolved.get(reference.name) ?? resolve(reference.name, next, [...path, reference.name]);
    });
    resolved.set(name, value);
    return value;
  };
  return Object.fromEntries(
    Object.entries(definition.env).map(([name, text]) => [name, resolved.get(name) ?? resolve(name, text, [name])]),
  );
}

/**
 * Replaces the templates of the check with their values, which must be as valid as text without templates.
 * @throws InvalidTemplateError, and the errors of `fill`
 */
function resolveReady({ name, ready }: Pick<ServiceDefinition, 'name' | 'ready'>, fill: FillField): ReadyCheck {
  const checked = (field: string, text: string, findProblem: (value: string) => string | undefined): string => {
    const value = fill(field, text);
    const problem = value === text ? undefined : findProblem(value);
    if (problem === undefined) return value;
    throw new InvalidTemplateError({ serviceName: name, field }, `${problem}, but it is ${value}`);
  };
  switch (ready.kind) {
    case 'http':
      return { ...ready, target: checked('ready.http', ready.target, findHttpProblem) };
    case 'log':
      return { ...ready, text: checked('ready.log', ready.text, findEmptyProblem) };
    case 'exec':
      return { ...ready, shell: checked('ready.exec', ready.shell, findEmptyProblem) };
    case 'port-template': {
      const { template, intervalMs, timeoutMs } = ready;
      return { kind: 'port', port: Number(checked('ready.port', template, findPortProblem)), intervalMs, timeoutMs };
    }
    default:
      return ready;
  }
}

/**
 * Checks an expression that contained templates: their values may have made it invalid.
 * @throws InvalidTemplateError
 */
export async function checkResolvedExpression(
  written: ServiceDefinition,
  { name, ready }: ResolvedDefinition,
): Promise<void> {
  if (ready.kind !== 'log' || !ready.isRegex) return;
  if (written.ready.kind === 'log' && written.ready.text === ready.text) return;
  const problem = await findRegexProblem(ready.text);
  if (problem !== undefined)
    throw new InvalidTemplateError({ serviceName: name, field: 'ready.log' }, `${problem}, but it is ${ready.text}`);
}

function findEmptyProblem(value: string): string | undefined {
  return value.trim() === '' ? 'must not be empty' : undefined;
}

function findPortProblem(value: string): string | undefined {
  const isPort = /^[1-9]\d{0,4}$/.test(value) && Number(value) <= lastPort;
  return isPort ? undefined : `must be a port from 1 to ${lastPort}`;
}

function ownValue(env: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(env, name) ? env[name] : undefined;
}

/** The name of the reservation that a template refers to. */
function reservationOf({ name }: Pick<ServiceDefinition, 'name'>, reference: TemplateReference): string | undefined {
  if (reference.kind === 'own-port') return name;
  if (reference.kind === 'further-port') return furtherPortName(reference.name, reference.variable);
  return reference.kind === 'service' || reference.kind === 'entry' ? reference.name : undefined;
}

function valueFor(
  definition: ServiceDefinition,
  { ports, config, portless }: TemplateValues,
  { field, reference }: { field: string; reference: TemplateReference },
): string {
  const owner = reservationOf(definition, reference);
  if (owner === undefined) return refuse(definition, field, reference);
  // The command of a service without a port setting may use a shell variable called port.
  const isShellVariable = reference.kind === 'own-port' && field === 'shell' && definition.port == null;
  const port = isShellVariable && definition.port === null ? undefined : ports.get(owner);
  if ('property' in reference && reference.property !== 'port') {
    const named = [...(config?.services ?? []), ...(config?.ports ?? [])].find(({ name }) => name === owner);
    const addressed = named ?? { name: owner };
    const local = findUrl(addressed, port);
    const url = reference.property === 'url' ? local : config && browserUrlsOf(config)(owner, local);
    if (url !== undefined) return url;
    if ((port !== undefined || local !== undefined) && portless === undefined)
      throw new InvalidTemplateError(
        { serviceName: definition.name, field },
        noUrlProblem(reference.source, addressed, local),
      );
  } else if (port !== undefined) return String(port);
  if (isShellVariable) return reference.source;
  if (portless !== undefined) return portless;
  throw new TemplateWithoutPortError({ serviceName: definition.name, field }, reference.source, owner);
}

/** Configured services were validated when the file was read; a transient service's command is validated only here. */
function refuse({ name, env }: ServiceDefinition, field: string, reference: TemplateReference): never {
  const known = { services: undefined, variables: Object.keys(env), config: undefined, own: undefined };
  const problem = findReferenceProblem(reference, known) ?? `${reference.source} is circular`;
  throw new InvalidTemplateError({ serviceName: name, field }, problem);
}

/** A service's texts that can contain templates. */
export function templateTexts({
  shell,
  env,
  ready,
}: Pick<ServiceConfig, 'shell' | 'env' | 'ready'>): readonly string[] {
  const texts = [shell, ...Object.values(env)];
  if (ready.kind === 'http') return [...texts, ready.target];
  if (ready.kind === 'log') return [...texts, ready.text];
  if (ready.kind === 'exec') return [...texts, ready.shell];
  if (ready.kind === 'port-template') return [...texts, ready.template];
  return texts;
}

/** The names of the reservations that a service's templates refer to, each once. */
export function referencedPorts(service: Pick<ServiceConfig, 'name' | 'shell' | 'env' | 'ready'>): readonly string[] {
  const references = templateTexts(service).flatMap(referencesIn);
  return [...new Set(references.flatMap((reference) => reservationOf(service, reference) ?? []))];
}

/** The location of a template: the service, and the field as in `env.API`. */
export interface TemplateLocation {
  readonly serviceName: string;
  readonly field: string;
}

/** A template refers to a port that is not reserved. */
export class TemplateWithoutPortError extends CandleError {
  static readonly code = 'SERVICE_TEMPLATE_WITHOUT_PORT';
  static example() {
    return new TemplateWithoutPortError({ serviceName: 'web', field: 'env.API' }, '${services.api.url}', 'api');
  }

  /** @param owner the name of the reservation that the template needs; may be the service itself */
  constructor({ serviceName, field }: TemplateLocation, template: string, owner: string) {
    super({
      message: `Service ${quote(serviceName)} cannot be started: ${field} contains ${template}, but ${quote(owner)} has no reserved port`,
      hint: phrase(
        'Run ',
        { command: candle('reserve-port', owner) },
        ', or set "port": "auto" for it in .candle.json',
      ),
      details: { serviceName, field, template, owner },
    });
  }
}

/** A template is malformed, or its value is not valid for the field. */
export class InvalidTemplateError extends CandleError {
  static readonly code = 'SERVICE_TEMPLATE_INVALID';
  static example() {
    return new InvalidTemplateError(
      { serviceName: 'web', field: 'ready.http' },
      "must be a path like '/health' or a URL, but it is localhost",
    );
  }

  /** @param problem what is wrong with the field, as a clause */
  constructor({ serviceName, field }: TemplateLocation, problem: string) {
    super({
      message: `Service ${quote(serviceName)} cannot be started: ${field}: ${problem}`,
      hint: 'Fix the template; for a literal ${…}, write $${…}',
      details: { serviceName, field, problem },
    });
  }
}
