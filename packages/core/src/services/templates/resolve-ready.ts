import type { ReadyCheck } from '../../config/ready-check.ts';
import { findHttpProblem, findRegexProblem } from '../../config/ready-rules.ts';
import { lastPort } from '../../ports/port-range.ts';
import type { ServiceDefinition } from '../service-definition.ts';
import { InvalidTemplateError } from './errors.ts';
import type { FillField } from './resolve-templates.ts';

/**
 * Replaces the templates of the check with their values, which must be as valid as text without templates.
 * @throws InvalidTemplateError, and the errors of `fill`
 */
export function resolveReady({ name, ready }: Pick<ServiceDefinition, 'name' | 'ready'>, fill: FillField): ReadyCheck {
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
