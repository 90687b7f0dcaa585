/**
 * Works on each subject as soon as the work on all those before it has ended, well or not; else on all at the same time.
 * `before` has no circles.
 */
export function inOrder<S, T>(
  before: (subject: S) => readonly S[],
  work: (subject: S) => Promise<T>,
): (subject: S) => Promise<T> {
  const begun = new Map<S, Promise<T>>();
  const end = (subject: S): Promise<T> => {
    const known = begun.get(subject);
    if (known) return known;
    const result = Promise.allSettled(before(subject).map(end)).then(() => work(subject));
    begun.set(subject, result);
    return result;
  };
  return end;
}
