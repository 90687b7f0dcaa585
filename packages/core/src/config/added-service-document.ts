import type { AddedServiceDocument } from '@candle/documents';
import type { ConfigChange } from './change-config.ts';
import type { NewService } from './edit-text.ts';

export function addedServiceDocument(
  { name, shell, root, port }: NewService,
  { path, created }: ConfigChange,
): AddedServiceDocument {
  return { name, shell, root: root ?? null, port: port ?? null, path, created };
}
