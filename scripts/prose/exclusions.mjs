// What is not checked, and why. The patterns are for `path.matchesGlob`.

/** Files that are not checked at all: pattern, reason. */
export const skippedFiles = [
  ['e2e/test/fixtures/stores/schema-*/**', 'recorded state directories'],
  ['packages/supervisor/test/members/recorded/**', 'recorded process lists'],
  ['scripts/prose/{terms,exclusions,prose.test}.mjs', 'the substitution list, and sentences that must be reported'],
];

/** Words that are right in some files: patterns, the words as in an entry, reason. */
export const allowedWords = [
  [
    [
      'e2e/faults/**',
      'e2e/scripts/**',
      'e2e/test/docs/{faults,survives}.test.ts',
      'e2e/test/state/two-versions.test.ts',
      'docs/reference/faults.md',
    ],
    ['fault'],
    'faults that tests inject are called faults',
  ],
  [
    [
      'packages/core/src/store/migrate.ts',
      'packages/core/src/store/migrate.test.ts',
      'packages/core/src/store/recovery/restore-runs.test.ts',
      'packages/core/src/runs/run-record.ts',
      'packages/core/src/events/events.test.ts',
      'e2e/test/state/earlier-build.test.ts',
    ],
    ['ticket', 'guard', 'wayOut'],
    'names in databases and files of earlier builds',
  ],
  [
    ['packages/core/src/logs/**', '**/*logs.ts', '**/log-tools.ts'],
    ['untilMs'],
    'the end of a range of time, next to sinceMs',
  ],
];
