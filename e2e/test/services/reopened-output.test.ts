import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Sandbox, until } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { nobody, whyNoOtherUser } from '../bad-input/as-user.ts';
import { testInFull } from '../bounded.ts';
import { sandbox } from '../sandbox.ts';

/** Twelve ways in which programs open their output again; each prints `line 2`. */
const forms: Readonly<Record<string, { readonly shell: string; readonly needs?: string }>> = {
  'a redirection to /dev/stderr': { shell: 'echo "line 2" > /dev/stderr' },
  'an appending redirection': { shell: 'echo "line 2" >> /dev/stderr' },
  tee: { shell: 'echo "line 2" | tee /dev/stderr > /dev/null' },
  cat: { shell: 'cat line2 > /dev/stdout' },
  cp: { shell: 'cp line2 /dev/stdout' },
  dd: { shell: 'dd if=line2 of=/dev/stderr status=none' },
  bash: { shell: `bash -c 'echo "line 2" &> /dev/stdout'`, needs: 'bash' },
  awk: { shell: `awk 'BEGIN { print "line 2" > "/proc/self/fd/1" }'`, needs: 'awk' },
  Python: { shell: `python3 -c 'open("/dev/stdout", "w").write("line 2\\n")'`, needs: 'python3' },
  'Node.js': { shell: `node -e 'fs.writeFileSync("/dev/stdout", "line 2\\n")'`, needs: 'node' },
  Perl: { shell: `perl -e 'open(my $out, ">", "/dev/stdout"); print $out "line 2\\n"'`, needs: 'perl' },
  'a descriptor that stays open': { shell: 'exec 4> /dev/stderr; echo "line 2" >&4' },
};

const truncated =
  '--- the program truncated its own output, so earlier lines may be missing: write to fd 2 (in a shell: >&2) instead of opening /dev/stderr, or set "output": "pipe" ---';

const isMissing = (program: string | undefined) =>
  program !== undefined && spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0;

/** The log of a service without a port, once it contains the end of the run. */
const logOfEnded = (box: Sandbox) =>
  until('the end is in the log', async () => {
    const { stdout } = await box.candle(['logs', '-n', '100000']);
    return stdout.includes('--- exited with code') && stdout;
  });

async function linesOf(shell: string, output: string): Promise<{ readonly text: string; readonly lines: string[] }> {
  const service = { name: 'api', shell: `echo "line 1"; ${shell}; echo "line 3"`, output };
  const box = sandbox({ config: { services: [service] } });
  writeFileSync(join(box.projectDir, 'line2'), 'line 2\n');
  await box.candle(['start']);
  const text = await logOfEnded(box);
  return { text, lines: text.split('\n').filter((line) => line.startsWith('line')) };
}

const all = ['line 1', 'line 2', 'line 3'];

for (const [index, [name, { shell, needs }]] of Object.entries(forms).entries()) {
  // `npm test` tries every second form, because each takes seconds.
  const testForm = isMissing(needs) ? test.skip : index % 2 === 0 ? test : testInFull;
  testForm(`a file, reopened by ${name}: each line once, or a mark shows where some are missing`, async () => {
    const { text, lines } = await linesOf(shell, 'file');
    expect(lines).toEqual(all.filter((line) => lines.includes(line)));
    expect(lines).toContain('line 3');
    if (lines.length < all.length) expect(text).toContain(truncated);
  });

  testForm(`a pipe, reopened by ${name}: each line once and in order`, async () => {
    expect((await linesOf(shell, 'pipe')).lines).toEqual(all);
  });
}

const overwrites = `node -e 'fs.writeSync(1, "line 1\\n"); fs.writeSync(fs.openSync("/dev/stdout", "r+"), "line 2\\n")'`;

test('lines that are written over the beginning of the output, without truncating it, are in the log with a mark', async () => {
  const box = sandbox({ config: { services: [{ name: 'api', shell: overwrites, output: 'file' }] } });
  await box.candle(['start']);
  const text = await logOfEnded(box);
  const lines = text.split('\n').filter((line) => line.startsWith('line'));
  expect(lines.toSorted()).toEqual(['line 1', 'line 2']);
  expect(text).toContain(truncated);
});

test('a process of another user can open a pipe again', async ({ skip }) => {
  if (whyNoOtherUser !== undefined) skip(whyNoOtherUser);
  const asOther = `setpriv --reuid ${nobody} --clear-groups sh -c 'echo "line 2" > /dev/stderr'`;
  expect((await linesOf(asOther, 'pipe')).lines).toEqual(all);
});

test('a failed start whose program reopened its output shows that lines are missing, also without a supervisor', async () => {
  const shell = 'echo "config ok"; echo "the important error"; echo "giving up" > /dev/stderr; exit 1';
  const box = sandbox({ config: { services: [{ name: 'api', shell }] } });
  const { stderr, exitCode } = await box.candle(['start']);
  expect(exitCode).toBe(1);
  expect(stderr).toContain(`Its last lines:\n  ${truncated}\n  giving up\n`);
  expect((await box.candle(['logs'])).stdout).toContain(`${truncated}\ngiving up\n`);
});

test('no line of a descriptor that stays open beside stdout is repeated, and marks show where some are missing', async () => {
  const shell =
    'exec 4> /dev/stderr; for n in $(seq 300); do echo "out $n"; sleep 0.02; echo "err $n" >&4; sleep 0.02; done';
  const box = sandbox({ config: { services: [{ name: 'api', shell }] } });
  await box.candle(['start']);
  const text = await logOfEnded(box);
  const lines = text.split('\n').filter((line) => /^(out|err)/.test(line));
  const printed = Array.from({ length: 300 }, (_, index) => [`out ${index + 1}`, `err ${index + 1}`]).flat();
  expect(lines).toEqual(printed.filter((line) => line.startsWith('err') || lines.includes(line)));
  // On a busy machine, a line may be overwritten before it was copied.
  if (lines.length < printed.length) expect(text).toContain(truncated);
});
