import type { VariableSource } from '../launch/service-environment.ts';
import type { ServiceEnv } from './env.ts';
import { type PortChangesDocument, portChangesDocument } from './start-document.ts';

/** The environment of a service, as `--json` reports it. */
export interface EnvDocument {
  /** Null: the variables that every service of the project gets. */
  readonly name: string | null;
  readonly projectDir: string;
  /** Each name once, in ascending order of precedence of their sources. */
  readonly variables: readonly {
    readonly name: string;
    readonly value: string;
    readonly source: VariableSource['kind'];
    /** The service whose port it contains; null for other variables. */
    readonly serviceName: string | null;
    /** Path of the envFile that sets it; null for other variables. */
    readonly path: string | null;
  }[];
  readonly fallbacks: PortChangesDocument['fallbacks'];
}

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
