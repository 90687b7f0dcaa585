import { distance } from 'fastest-levenshtein';

/** Longer input is not a typing mistake, and the time to compare it grows quadratically. */
const maxComparedLength = 200;

/**
 * The known name that was most likely meant, for "did you mean". Compares whole names, ignoring case. At most a third of the
 * longer name may differ, or two letters if the name has more than three (`strat` for `start`). Of equally near names, the
 * first one wins.
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
    const hasCommonLetter = changes < Math.min(name.length, candidate.length);
    if (changes <= allowed && hasCommonLetter && changes < nearestDistance) {
      nearest = candidate;
      nearestDistance = changes;
    }
  }
  return nearest;
}
