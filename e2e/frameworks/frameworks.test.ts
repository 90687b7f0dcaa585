import { runProgram } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { sandbox } from '../test/sandbox.ts';
import { cases } from './cases.ts';
import { isInstalled, moveInto } from './projects.ts';
import type { AttemptResult, NameResult } from './result.ts';
import { tryAttempt } from './try-attempt.ts';
import { tryByName } from './try-by-name.ts';
import { tryOvertaken } from './try-overtaken.ts';
import { tryTwoLogins } from './try-two-logins.ts';

for (const each of cases) {
  const { name, project, attempts, needs, page, hasLogin } = each;
  const title = `${name}: Candle reports where it listens, its advice works, browsers reach it by name, and all processes end`;
  test.runIf(isInstalled(project))(title, async (context) => {
    const box = sandbox();
    const results: AttemptResult[] = [];
    const byName: NameResult[] = [];
    context.task.meta.framework = { project, results, byName };
    if (needs !== undefined && !(await has(needs, box.env))) context.skip(`${needs} is not installed`);
    moveInto(box, project);
    for (const attempt of attempts) {
      if (attempt.advised !== undefined) expect(results[0]?.messages.join('\n')).toContain(attempt.advised);
      results.push(await (attempt.isOvertaken ? tryOvertaken(box, attempt) : tryAttempt(box, attempt)));
    }
    if (page !== undefined) byName.push(await tryByName(box, page, attempts));
    if (hasLogin) await tryTwoLogins(box);
  });
}

async function has(program: string, env: Readonly<Record<string, string>>): Promise<boolean> {
  return (await runProgram('sh', ['-c', `command -v ${program}`], { cwd: '/', env })).exitCode === 0;
}

declare module 'vitest' {
  interface TaskMeta {
    framework?: {
      readonly project: string;
      readonly results: readonly AttemptResult[];
      /** One result, or none if the project has no page. */
      readonly byName: readonly NameResult[];
    };
  }
}
