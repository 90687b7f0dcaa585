import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lintText } from './lint-text.mjs';
import { terms } from './terms.mjs';

/** What is found, as `LINE:COLUMN WORDS`. */
const lint = async (text, path = 'page.md') =>
  (await lintText(text, path, terms)).map(({ line, column, found }) => `${line}:${column} ${found}`);

for (const { avoid, use, fails, passes } of terms) {
  test(`${avoid} is reported once, in a page, a comment and a string`, async () => {
    for (const [path, text] of [
      ['page.md', `${fails}\n`],
      ['code.ts', `// ${fails}\nexport {};\n`],
      ['code.ts', `export const text = \`${fails}\`;\n`],
    ]) {
      const findings = await lintText(text, path, terms);
      assert.deepEqual(
        findings.map((finding) => finding.use.toLowerCase()),
        [use.toLowerCase()],
        `${text}${JSON.stringify(findings)}`,
      );
    }
    assert.deepEqual(await lint(`${passes}\n`), []);
    assert.deepEqual(await lint(`// ${passes}\n`, 'code.ts'), []);
  });
}

test('reports a term at its position, also when it is wrapped', async () => {
  assert.deepEqual(await lint('# Title\n\nA flag left\nout is unset. The ledger.\n'), ['3:8 left out', '4:19 ledger']);
  assert.deepEqual(await lint('const port = 1;\n  // A flag left\n  // out is unset.\n', 'code.ts'), ['2:13 left out']);
  assert.deepEqual(await lint('/**\n * A flag left\n * out is unset.\n */\n', 'code.ts'), ['2:11 left out']);
});

test('reports error messages, hints, help texts, test titles and names', async () => {
  const code = [
    'class PortError extends CandleError {',
    '  constructor(port: number) {',
    '    super(`Port ${port} is not in the ledger`, { hint: "Wait, and look again: " + "the ledger is read anew" });',
    '  }',
    '}',
    'export default class Start extends Command {',
    "  static override summary = 'Services to start; left out, all of them.';",
    '}',
    "test('a service that fails comes back', () => expect(stderr).toMatch(/no such ledger/));",
    'const patienceMs = 1;',
  ];
  assert.deepEqual(await lint(code.join('\n'), 'code.ts'), [
    '3:39 ledger',
    '3:67 look again',
    '3:88 ledger',
    '3:103 anew',
    '7:49 left out',
    '9:28 comes back',
    '9:79 ledger',
    '10:7 patienceMs',
  ]);
});

test('skips code in pages and comments, names of modules, and what a page excludes', async () => {
  assert.deepEqual(await lint('See `ledger`.\n\n```sh\ncat ledger\n```\n'), []);
  assert.deepEqual(
    await lint(
      "// See `ledger`, `the\n// ledger` and more.\nimport './ledger one.ts';\nconst flag = '--silent';\n",
      'code.ts',
    ),
    [],
  );
  const page = '<!-- prose-lint-disable -->\n\nThe ledger.\n\n<!-- prose-lint-enable -->\n\nThe ticket.\n';
  assert.deepEqual(await lint(page), ['7:5 ticket']);
});

test('throws when a file cannot be parsed', async () => {
  await assert.rejects(lint('const = 1;', 'code.ts'), /code.ts: Unexpected token/);
});

test('reads the front matter, lists and tables of a page', async () => {
  assert.deepEqual(await lint('---\ndescription: The ledger.\n---\n\n- A ticket\n\n| A guard |\n|---|\n'), [
    '2:18 ledger',
    '5:5 ticket',
    '7:5 guard',
  ]);
});
