import { test } from 'vitest';
import { kinds } from '../../up/kinds.ts';
import { copyInto, findMissing } from '../../up/projects.ts';
import { tryKind } from '../../up/try-kind.ts';
import { sandbox } from '../sandbox.ts';

const [withPackages, withoutPackages] = [
  kinds.filter(({ hasPackages }) => hasPackages),
  kinds.filter(({ hasPackages }) => !hasPackages),
];

for (const kind of withoutPackages) {
  test(`${kind.title}: one command starts every service in each of two checkouts`, async (context) => {
    const box = sandbox();
    const missing = await findMissing(box, kind);
    if (missing !== undefined) context.skip(`${missing} is not installed`);
    copyInto(box, kind);
    await tryKind(box, kind, 1);
  });
}

for (const { title } of withPackages) {
  test(title, ({ skip }) => skip('its packages come from a registry: npm run test:up'));
}
