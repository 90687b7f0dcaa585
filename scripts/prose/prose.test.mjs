import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lintText } from './lint-text.mjs';
import { terms } from './terms.mjs';

const messagesOf = async (text, path) => (await lintText(text, path, terms)).map(({ found, use }) => `${found} → ${use}`);

for (const { avoid, use, fails, passes } of terms) {
  test(`${avoid} is reported in Markdown, comments and strings`, async () => {
    for (const [path, text] of [
      ['page.md', `${fails}\n`],
      ['code.ts', `// ${fails}\nexport {};\n`],
      ['code.ts', `export const text = \`${fails}\`;\n`],
    ]) {
      const messages = await messagesOf(text, path);
      assert.equal(messages.length, 1, `${path}: ${text}${messages.join('\n')}`);
      assert.ok(messages[0].toLowerCase().includes(`→ ${use.toLowerCase()}`), messages[0]);
    }
    assert.deepEqual(await messagesOf(`${passes}\n`, 'page.md'), []);
    assert.deepEqual(await messagesOf(`// ${passes}\n`, 'code.ts'), []);
  });
}
