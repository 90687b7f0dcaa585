import type { EnvDocument } from '@candle/documents';
import type { ServiceEnv } from './env.ts';
import { portChangesDocument } from './start-document.ts';

/** The environment of a service, as `--json` reports it. */
export function envDocument({ name, projectDir, variables, ports }: ServiceEnv): EnvDocument {
  return {
    name,
    projectDir,
    variables: variables.map(({ source, ...variable }) => ({
      ...variable,
      source: source.kind,
      serviceName: source.kind === 'reservation' ? source.serviceName : null,
      path: source.kind === 'envFile' ? source.path : null,
    })),
    fallbacks: portChangesDocument(ports).fallbacks,
  };
}
