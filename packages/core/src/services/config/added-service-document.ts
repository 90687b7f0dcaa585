import type { ConfigChange } from './change-config.ts';
import type { NewService } from './edit-text.ts';

/** What `--json` and MCP say of a service that was added. */
export interface AddedServiceDocument {
  readonly name: string;
  readonly shell: string;
  readonly root: string | null;
  /** The port that it wishes for; null when none is reserved for it by itself. */
  readonly port: 'auto' | number | null;
  /** Of the file. */
  readonly path: string;
  /** The file was not there before. */
  readonly created: boolean;
}

/** `given` as it was typed. */
export function addedServiceDocument(
  { name, shell, root, port }: NewService,
  { path, created }: ConfigChange,
): AddedServiceDocument {
  return { name, shell, root: root ?? null, port: port ?? null, path, created };
}
