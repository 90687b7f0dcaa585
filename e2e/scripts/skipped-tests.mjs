import { relative } from 'node:path';

/** A vitest reporter that lists how many tests of each file were skipped. */
export default class SkippedTestsReporter {
  onTestRunEnd(modules) {
    const counts = modules.flatMap((module) => {
      const skipped = [...module.children.allTests('skipped')].length;
      return skipped === 0 ? [] : [` ${relative(process.cwd(), module.moduleId)}: ${skipped}`];
    });
    if (counts.length === 0) return;
    const commands = '`npm run test:e2e` and `npm run test:faults` run those that only take long';
    console.log(`\n Skipped tests by file; ${commands}:\n${counts.join('\n')}\n`);
  }
}
