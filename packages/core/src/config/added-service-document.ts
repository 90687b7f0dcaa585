import type { ConfigChange } from './change-config.ts';
import type { NewService } from './edit-text.ts';

/** A new service in `--json` and MCP. */
export interface AddedServiceDocument {
  readonly name: string;
  readonly shell: string;
  readonly root: string | null;
  /** The port setting; null if no port is reserved automatically. */
  readonly port: 'auto' | number | null;
  /** Path of the configuration file. */
  readonly path: string;
  /** Whether the file was created. */
  readonly created: boolean;
}

export function addedServiceDocument(
  { name, shell, root, port }: NewService,
  { path, created }: ConfigChange,
): AddedServiceDocument {
  return { name, shell, root: root ?? null, port: port ?? null, path, created };
}
