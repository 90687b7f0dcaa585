// What is not checked, and why. A pattern is for `path.matchesGlob`.
/** Files that are not checked at all. */
export const skippedFiles = [
  ['e2e/test/fixtures/stores/**', 'recorded state directories of older versions'],
  ['packages/supervisor/test/members/recorded/**', 'recorded process lists'],
  ['scripts/prose/{terms,prose.test}.mjs', 'the substitution list itself, and what it must find'],
];

/** Words that have their usual meaning in some files: files, examples of the words, why. */
export const allowedWords = [
  [['e2e/faults/**', 'docs/reference/faults.md'], ['fault'], 'injected faults are called faults'],
];
