import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { awaitQuiet, hookLog, linkHookPlugin } from '../test/plugins/hook-plugin.ts';
import { sandbox } from '../test/sandbox.ts';

// Its ten seconds are too long for `npm test`; what ends a hook is tried there too, in packages/supervisor/src/events.
test.runIf(process.env.FAULTS === 'all')(
  'a hook that hangs or blocks is ended after ten seconds, named, and holds up no other plugin',
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
    await until('both are being told', () => ['hangs\n', 'blocks\n'].every((text) => hookLog(box).includes(text)));
    // What comes meanwhile is told when it is its turn.
    for (const plugin of [hangs, blocks]) {
      plugin.write(
        "import { writeFileSync } from 'node:fs'; export default () => writeFileSync(new URL('../told', import.meta.url), '')",
      );
    }
    await box.candle(['release-ports']);
    await until('they are told of what came next', () =>
      [hangs, blocks].every(({ root }) => existsSync(join(root, 'told'))),
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
