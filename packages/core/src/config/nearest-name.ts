import { distance } from 'fastest-levenshtein';

/** Longer input is not a typing mistake, and the time to compare it grows quadratically. */
const maxComparedLength = 200;

/** Fewer letters are the beginning of too many names. */
const minBeginning = 2;

/**
 * The known name that was most likely meant, for "did you mean". Compares whole names, ignoring case. At most a third of the
 * longer name may differ, or two letters if the name has more than three. Two letters in the wrong order are one change
 * (`wbe` for `web`). Of equally near names, the first one wins. If none is near, the only one that begins with the name.
 */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  if (name.length > maxComparedLength) return undefined;
  const names = [...known];
  const wanted = name.toLowerCase();
  let nearest: string | undefined;
  let nearestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of names) {
    if (candidate.length > maxComparedLength) continue;
    const changes = countChanges(wanted, candidate.toLowerCase());
    const allowed = Math.max(name.length > 3 ? 2 : 1, Math.floor(Math.max(name.length, candidate.length) / 3));
    const hasCommonLetter = changes < Math.min(name.length, candidate.length);
    if (changes <= allowed && hasCommonLetter && changes < nearestDistance) {
      nearest = candidate;
      nearestDistance = changes;
    }
  }
  if (nearest !== undefined || name.length < minBeginning) return nearest;
  const longer = names.filter((candidate) => candidate.toLowerCase().startsWith(wanted));
  return longer.length === 1 ? longer[0] : undefined;
}

/** The known names that differ from a name in one letter, or in the order of two. */
export function misspelledNames(name: string, known: readonly string[]): readonly string[] {
  if (name.length > maxComparedLength) return [];
  return known.filter((each) => countChanges(name.toLowerCase(), each.toLowerCase()) === 1);
}

/** How many letters differ. The wrong order of two adjacent letters is one change. */
function countChanges(written: string, right: string): number {
  const at = [...written].findIndex((letter, index) => letter !== right[index]);
  const swapped = written.slice(0, at) + (written[at + 1] ?? '') + (written[at] ?? '') + written.slice(at + 2);
  return at >= 0 && swapped === right ? 1 : distance(written, right);
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
