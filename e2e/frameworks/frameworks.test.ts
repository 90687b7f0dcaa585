import { runProgram } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { sandbox } from '../test/sandbox.ts';
import { cases } from './cases.ts';
import { isInstalled, moveInto } from './projects.ts';
import type { AttemptResult } from './result.ts';
import { tryAttempt } from './try-attempt.ts';
import { tryOvertaken } from './try-overtaken.ts';

for (const { name, project, attempts, needs } of cases) {
  const title = `${name}: Candle reports where it listens, its advice works, and all processes end`;
  test.runIf(isInstalled(project))(title, async (context) => {
    const box = sandbox();
    const results: AttemptResult[] = [];
    context.task.meta.framework = { project, results };
    if (needs !== undefined && !(await has(needs, box.env))) context.skip(`${needs} is not installed`);
    moveInto(box, project);
    for (const attempt of attempts) {
      if (attempt.advised !== undefined) expect(results[0]?.messages.join('\n')).toContain(attempt.advised);
      results.push(await (attempt.isOvertaken ? tryOvertaken(box, attempt) : tryAttempt(box, attempt)));
    }
  });
}

async function has(program: string, env: Readonly<Record<string, string>>): Promise<boolean> {
  return (await runProgram('sh', ['-c', `command -v ${program}`], { cwd: '/', env })).exitCode === 0;
}

declare module 'vitest' {
  interface TaskMeta {
    framework?: { readonly project: string; readonly results: readonly AttemptResult[] };
  }
}
