import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

/** Checks a test file with this code. Returns the lines that are reported. */
function check(code) {
  const dir = mkdtempSync(join(tmpdir(), 'time-limits-'));
  try {
    const path = join(dir, 'planted.test.ts');
    writeFileSync(path, code);
    const script = join(import.meta.dirname, 'check-time-limits.mjs');
    const { stdout, stderr, status } = spawnSync(process.execPath, [script, path], { encoding: 'utf8' });
    assert.equal(stderr, '');
    const lines = [...stdout.matchAll(/planted\.test\.ts:(\d+): /g)].map(([, line]) => Number(line));
    assert.equal(status, lines.length > 0 ? 1 : 0);
    return lines;
  } finally {
    rmSync(dir, { recursive: true });
  }
}

const measured = 'const beganMs = performance.now();\n';

test('reports a limit on elapsed time without a comment', () => {
  assert.deepEqual(check(`${measured}expect(performance.now() - beganMs).toBeLessThan(2_000);`), [2]);
  assert.deepEqual(
    check(`${measured}const tookMs = performance.now() - beganMs;\nexpect(tookMs).toBeLessThanOrEqual(2);`),
    [3],
  );
  assert.deepEqual(
    check(`${measured}expect(\n  performance.now() - beganMs,\n  'a message',\n).toBeLessThan(2_000);`),
    [2],
  );
});

test('reports a wait that is shorter than the default', () => {
  assert.deepEqual(check("await until('it is up', isUp, { timeoutMs: 5_000 });"), [1]);
  assert.deepEqual(check("await until('it is up', isUp, { timeoutMs: 90_000 });"), []);
});

test('accepts a limit with a comment directly above its statement', () => {
  const limit = 'expect(performance.now() - beganMs).toBeLessThan(2_000);';
  assert.deepEqual(check(`${measured}// Time limit: it would take an hour\n// otherwise.\n${limit}`), []);
  assert.deepEqual(check(`${measured}// It is quick.\n${limit}`), [3]);
  assert.deepEqual(check(`${measured}// Time limit: it would take an hour otherwise.\nother();\n${limit}`), [4]);
});

test('accepts a lower bound, and an upper bound on something else', () => {
  assert.deepEqual(check(`${measured}expect(performance.now() - beganMs).toBeGreaterThan(1_900);`), []);
  assert.deepEqual(check(`${measured}expect(text.length).toBeLessThan(100);`), []);
  assert.deepEqual(check('expect(next.atMs - nowMs).toBeLessThan(1_000);'), []);
});
