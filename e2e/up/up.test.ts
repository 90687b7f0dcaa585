import { test } from 'vitest';
import { sandbox } from '../test/sandbox.ts';
import type { Written } from './checkout.ts';
import { kinds } from './kinds.ts';
import { findMissing, isMade, moveInto } from './projects.ts';
import { tryKind } from './try-kind.ts';

for (const kind of kinds) {
  const title = `${kind.title}: one command starts every service in each checkout`;
  test.runIf(isMade(kind))(title, async (context) => {
    const box = sandbox();
    const missing = await findMissing(box, kind);
    if (missing !== undefined) context.skip(`${missing} is not installed`);
    moveInto(box, kind);
    context.task.meta.up = { project: kind.project, written: await tryKind(box, kind) };
  });
}

declare module 'vitest' {
  interface TaskMeta {
    up?: { readonly project: string; readonly written: Written };
  }
}
