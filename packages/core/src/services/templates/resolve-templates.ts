import { fieldOf } from '../../config/document.ts';
import type { ReadyCheck } from '../../config/ready-check.ts';
import { findHttpProblem, findRegexProblem } from '../../config/ready-rules.ts';
import { lastPort } from '../../ports/port-range.ts';
import { serviceUrl } from '../../ports/service-url.ts';
import type { ResolvedDefinition, ServiceDefinition } from '../service-definition.ts';
import { InvalidTemplateError, TemplateWithoutPortError } from './errors.ts';
import { findReferenceProblem } from './reference-problem.ts';
import { fillTemplate, type TemplateReference } from './template-syntax.ts';

/** The values for templates. */
export interface TemplateValues {
  /** The reserved ports of the project's services, by name. */
  readonly ports: ReadonlyMap<string, number>;
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
    fillTemplate(text, (reference) =>
      reference.kind === 'variable'
        ? (ownValue(env, reference.name) ?? refuse(definition, field, reference))
        : valueFor(definition, values, { field, reference }),
    );
  const shell = fill('shell', definition.shell);
  return { ...definition, shell, env, ready: resolveReady(definition, fill) };
}

/**
 * Only the variables. They can refer to each other; the configuration guarantees that they are acyclic. Pure.
 * @throws TemplateWithoutPortError, InvalidTemplateError
 */
export function resolveEnv(definition: ServiceDefinition, values: TemplateValues): Readonly<Record<string, string>> {
  const resolved = new Map<string, string>();
  const resolve = (name: string, text: string, path: readonly string[]): string => {
    const field = fieldOf('env', name);
    const value = fillTemplate(text, (reference) => {
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
      return { ...ready, text: checked('ready.log', ready.text, ready.isRegex ? findRegexProblem : findEmptyProblem) };
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

function valueFor(
  definition: ServiceDefinition,
  { ports, portless }: TemplateValues,
  { field, reference }: { field: string; reference: TemplateReference },
): string {
  if (reference.kind !== 'own-port' && reference.kind !== 'service') return refuse(definition, field, reference);
  const owner = reference.kind === 'own-port' ? definition.name : reference.name;
  const port = ports.get(owner);
  if (port !== undefined) {
    return reference.kind === 'service' && reference.property === 'url' ? serviceUrl(port) : String(port);
  }
  // The command of a service without a port setting may use a shell variable called port.
  const isShellVariable = reference.kind === 'own-port' && field === 'shell' && definition.port === undefined;
  if (isShellVariable) return reference.source;
  if (portless !== undefined) return portless;
  throw new TemplateWithoutPortError({ serviceName: definition.name, field }, reference.source, owner);
}

/** Configured services were validated when the file was read; a transient service's command is validated only here. */
function refuse({ name, env }: ServiceDefinition, field: string, reference: TemplateReference): never {
  const known = { services: undefined, variables: Object.keys(env) };
  const problem = findReferenceProblem(reference, known) ?? `${reference.source} is circular`;
  throw new InvalidTemplateError({ serviceName: name, field }, problem);
}
