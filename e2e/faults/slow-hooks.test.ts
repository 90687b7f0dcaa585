import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { awaitQuiet, hookLog, linkHookPlugin } from '../test/plugins/hook-plugin.ts';
import { sandbox } from '../test/sandbox.ts';

// The ten seconds are too long for `npm test`. Tests in packages/supervisor/src/events cover the timeout there.
test.runIf(process.env.FAULTS === 'all')(
  'a hook that hangs or blocks is killed after ten seconds and reported, and delays no other plugin',
  async () => {
    const box = sandbox();
    const hangs = await linkHookPlugin(box, {
      name: 'candle-plugin-hangs',
      code: `console.log('hangs'); export default () => new Promise(() => undefined);`,
    });
    const blocks = await linkHookPlugin(box, {
      name: 'candle-plugin-blocks',
      code: `export default () => { console.log('blocks'); for (;;); }`,
    });
    const well = await linkHookPlugin(box);
    await box.candle(['reserve-port', 'api']);
    await well.awaitNotes(1);
    await until('both hooks run', () => ['hangs\n', 'blocks\n'].every((text) => hookLog(box).includes(text)));
    // An event that occurs in the meantime is delivered after the hook was killed.
    for (const plugin of [hangs, blocks]) {
      plugin.write(
        "import { writeFileSync } from 'node:fs'; export default () => writeFileSync(new URL('../notified', import.meta.url), '')",
      );
    }
    await box.candle(['release-ports']);
    await until('both plugins have received the next event', () =>
      [hangs, blocks].every(({ root }) => existsSync(join(root, 'notified'))),
    );
    await awaitQuiet(box);
    const { stderr } = await box.candle(['list-reserved-ports']);
    for (const { name } of [hangs, blocks]) {
      expect(stderr).toContain(
        `Plugin '${name}' failed to handle port-reserved: it took longer than 10 s and was killed\n`,
      );
    }
  },
);
