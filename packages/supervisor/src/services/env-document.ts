import type { VariableSource } from '../launch/service-environment.ts';
import type { ServiceEnv } from './env.ts';
import { type PortChangesDocument, portChangesDocument } from './start-document.ts';

/** What `--json` says of the environment of a service. */
export interface EnvDocument {
  /** Null: what every service of the project gets. */
  readonly name: string | null;
  readonly projectDir: string;
  /** Each once; those whose source wins over others stand further down. */
  readonly variables: readonly {
    readonly name: string;
    readonly value: string;
    readonly source: VariableSource['kind'];
    /** Whose port it tells; null for other variables. */
    readonly serviceName: string | null;
    /** Of the envFile that it stands in; null for other variables. */
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
