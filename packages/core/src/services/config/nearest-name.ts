import { distance } from 'fastest-levenshtein';

/** Longer input is no typing mistake, and comparing it would cost time that grows with its square. */
const maxComparedLength = 200;

/**
 * The known name that was most probably meant, for "did you mean". Whole names are compared, without regard to case;
 * at most a third of the longer one may differ, or two letters of more than three (`strat` for `start`). The first of equally near names wins.
 */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  if (name.length > maxComparedLength) return undefined;
  const wanted = name.toLowerCase();
  let nearest: string | undefined;
  let nearestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of known) {
    if (candidate.length > maxComparedLength) continue;
    const changes = distance(wanted, candidate.toLowerCase());
    const allowed = Math.max(name.length > 3 ? 2 : 1, Math.floor(Math.max(name.length, candidate.length) / 3));
    const something = changes < Math.min(name.length, candidate.length);
    if (changes <= allowed && something && changes < nearestDistance) {
      nearest = candidate;
      nearestDistance = changes;
    }
  }
  return nearest;
}
