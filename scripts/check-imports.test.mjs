import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const fromRoot = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** Checks files of `packages/core/src`, by name. Returns the violated rules, as `SEVERITY NAME`. */
function check(files) {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'check-imports-')));
  try {
    const src = join(dir, 'packages/core/src');
    mkdirSync(src, { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(join(src, name), text);
    const { stdout, stderr } = spawnSync(
      fromRoot('node_modules/.bin/depcruise'),
      ['--config', fromRoot('.dependency-cruiser.cjs'), '--output-type', 'json', 'packages/core/src'],
      { cwd: dir, encoding: 'utf8' },
    );
    assert.equal(stderr, '');
    const { violations, totalCruised } = JSON.parse(stdout).summary;
    assert.equal(totalCruised, Object.keys(files).length);
    return [...new Set(violations.map(({ rule }) => `${rule.severity} ${rule.name}`))];
  } finally {
    rmSync(dir, { recursive: true });
  }
}

test('accepts imports without a circle', () => {
  const files = {
    'a.ts': `import type { B } from './b.ts';\nimport { c } from './c.ts';\nexport const a = (b: B) => [b, c];\n`,
    'b.ts': `import { c } from './c.ts';\nexport type B = typeof c;\nexport const load = () => import('./c.ts');\n`,
    'c.ts': 'export const c = 1;\n',
  };
  assert.deepEqual(check(files), []);
});

const circles = {
  values: {
    'a.ts': `import { b } from './b.ts';\nexport const a = () => b;\n`,
    'b.ts': `import { a } from './a.ts';\nexport const b = () => a;\n`,
  },
  types: {
    'a.ts': `import type { B } from './b.ts';\nexport interface A {\n  readonly b: B;\n}\n`,
    'b.ts': `import { type A } from './a.ts';\nexport interface B {\n  readonly a: A;\n}\n`,
  },
  'dynamic imports': {
    'a.ts': `export const loadB = () => import('./b.ts');\n`,
    'b.ts': `export const loadA = () => import('./a.ts');\n`,
  },
  'a value, a type and a dynamic import': {
    'a.ts': `import { b } from './b.ts';\nexport const a = () => b;\n`,
    'b.ts': `import type { C } from './c.ts';\nexport const b = (c: C) => c;\n`,
    'c.ts': `export interface C {\n  readonly c: 1;\n}\nexport const loadA = () => import('./a.ts');\n`,
  },
};

for (const [kind, files] of Object.entries(circles)) {
  test(`rejects a circle of ${kind}`, () => {
    assert.deepEqual(check(files), ['error no-circular']);
  });
}
