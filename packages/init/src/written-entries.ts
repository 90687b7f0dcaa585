import { entriesOf, own } from './parsed-file.ts';

/** Lists that a later file replaces as a whole, instead of adding to them. */
const replacedLists: ReadonlySet<string> = new Set(['command', 'entrypoint', 'test']);

/**
 * A value with the one of an overriding file, as Compose and process-compose merge them: objects by key, lists one after the
 * other, everything else replaced.
 */
export function mergeEntries(base: unknown, override: unknown, key = ''): unknown {
  if (override === undefined) return base;
  if (base === undefined || base === null) return override;
  if (Array.isArray(base) && Array.isArray(override) && !replacedLists.has(key)) return [...base, ...override];
  if (!isPlain(base) || !isPlain(override)) return override;
  const [left, right] = [entriesOf(base), entriesOf(override)];
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  return Object.fromEntries([...keys].map((name) => [name, mergeEntries(own(left, name), own(right, name), name)]));
}

function isPlain(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
