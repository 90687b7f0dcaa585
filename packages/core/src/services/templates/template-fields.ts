import type { ServiceConfig } from '../../config/service-config.ts';
import { referencesIn } from './template-syntax.ts';

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

/** The services that a service's templates refer to, each once, without their dependencies. */
export function referencedServices(service: Pick<ServiceConfig, 'shell' | 'env' | 'ready'>): readonly string[] {
  const references = templateTexts(service).flatMap(referencesIn);
  return [...new Set(references.flatMap((reference) => (reference.kind === 'service' ? [reference.name] : [])))];
}
