import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

const root = join(import.meta.dirname, '..');
let project;

// Inside the repository, so that the planted tests can import vitest.
before(() => {
  project = realpathSync(mkdtempSync(join(root, 'node_modules/.retried-tests-')));
});
after(() => rmSync(project, { recursive: true }));

function vitest(source, ...args) {
  writeFileSync(join(project, 'planted.test.js'), `import { expect, test } from 'vitest';\n${source}`);
  const all = ['run', '--root', project, '--retry=1', ...args];
  const { CI, GITHUB_ACTIONS, ...env } = process.env;
  return spawnSync(join(root, 'node_modules/.bin/vitest'), all, { cwd: project, encoding: 'utf8', env });
}

const reporter = `--reporter=${join(root, 'scripts/retried-tests.mjs')}`;
const flaky = `let runs = 0;
test('wobbles', () => expect(runs++, 'first attempt\\nmore').toBe(1));
test('is stable', () => {});`;

test('lists a test that passes at the second attempt, with the first line of its first error', () => {
  const { status, stdout } = vitest(flaky, reporter);
  assert.equal(stdout, '\n Retried tests: 1\n planted.test.js > wobbles (passed)\n   first attempt\n\n');
  assert.equal(status, 0);
});

test('lists a test that fails twice with its first error', () => {
  const { status, stdout } = vitest(
    "let runs = 0;\ntest('fails', () => { throw new Error(`attempt ${++runs}`); });",
    reporter,
  );
  assert.match(stdout, /planted\.test\.js > fails \(failed again\)\n {3}attempt 1\n/);
  assert.equal(status, 1);
});

test('prints nothing if no test was retried', () => {
  assert.equal(vitest("test('is stable', () => {});", reporter).stdout, '');
});

test('lists the retried tests of several runs whose reports are merged', () => {
  vitest(flaky, '--reporter=blob', '--outputFile=blobs/1.json');
  const { stdout } = vitest(flaky, '--merge-reports=blobs', reporter);
  assert.match(stdout, /Retried tests: 1\n planted\.test\.js > wobbles \(passed\)\n {3}first attempt\n/);
});
