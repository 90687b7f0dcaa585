/** Whether version `a` is newer than `b`. A pre-release is older than its release; an invalid version is the oldest. */
export function isNewer(a: string, b: string): boolean {
  return compare(parse(a), parse(b)) > 0;
}

interface Version {
  readonly numbers: readonly number[];
  readonly preRelease: string | undefined;
}

function parse(text: string): Version {
  const match = /^v?(\d+)\.(\d+)\.(\d+)(?:-([^+]+))?/.exec(text);
  return match
    ? { numbers: match.slice(1, 4).map(Number), preRelease: match[4] }
    : { numbers: [], preRelease: undefined };
}

function compare(a: Version, b: Version): number {
  for (const index of [0, 1, 2]) {
    const difference = (a.numbers[index] ?? -1) - (b.numbers[index] ?? -1);
    if (difference !== 0) return difference;
  }
  if (a.preRelease === b.preRelease) return 0;
  if (a.preRelease === undefined) return 1;
  if (b.preRelease === undefined) return -1;
  return a.preRelease.localeCompare(b.preRelease, 'en', { numeric: true });
}
