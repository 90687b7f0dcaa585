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

/** Words that are shorter have many neighbors that somebody else may use on purpose. */
const longWord = 6;

/**
 * The known key that was most likely meant by an unknown one. Stricter than `nearestName`, because anybody may add keys: the
 * first letter is seldom wrong, and only one letter of a short key, or the order of two. Ignores case, `_` and `-`.
 */
export function misspelledKey(key: string, known: readonly string[]): string | undefined {
  const near = known.filter((name) => isMisspelling(letters(key), letters(name)));
  return nearestName(letters(key), near);
}

function isMisspelling(written: string, right: string): boolean {
  if (written[0] !== right[0]) return false;
  const changes = distance(written, right);
  const isSwapped = [...written].toSorted().join() === [...right].toSorted().join();
  return changes <= 1 || (changes === 2 && (isSwapped || Math.min(written.length, right.length) >= longWord));
}

function letters(key: string): string {
  return key.toLowerCase().replaceAll(/[_-]/g, '');
}
