/**
 * Runs `work` on each subject as soon as the work on all subjects before it has ended, successfully or not. Independent
 * subjects run at the same time, and each subject runs once. `before` must not contain cycles.
 */
export function inOrder<S, T>(
  before: (subject: S) => readonly S[],
  work: (subject: S) => Promise<T>,
): (subject: S) => Promise<T> {
  const started = new Map<S, Promise<T>>();
  const end = (subject: S): Promise<T> => {
    const known = started.get(subject);
    if (known) return known;
    const result = Promise.allSettled(before(subject).map(end)).then(() => work(subject));
    started.set(subject, result);
    return result;
  };
  return end;
}
