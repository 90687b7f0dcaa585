import type { ConfigChange } from './change-config.ts';
import type { NewService } from './edit-text.ts';

/** What `--json` and MCP say of a service that was added. */
export interface AddedServiceDocument {
  readonly name: string;
  readonly shell: string;
  readonly root: string | null;
  /** Of the file. */
  readonly path: string;
  /** The file was not there before. */
  readonly created: boolean;
}

/** `given` as it was typed. */
export function addedServiceDocument(
  { name, shell, root }: NewService,
  { path, created }: ConfigChange,
): AddedServiceDocument {
  return { name, shell, root: root ?? null, path, created };
}
