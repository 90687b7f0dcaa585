import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Reporter, TestCase, TestModule } from 'vitest/node';
import { type FaultResult, renderTable } from './render-table.ts';

const page = join(import.meta.dirname, '../../../docs/reference/faults.md');

/** Writes the results of all fault tests to the docs. The command fails if a fault has no test. */
export default class FaultTableReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const results = modules.flatMap((module) => [...module.children.allTests()].flatMap(resultOf));
    const { markdown, untested } = renderTable(results);
    if (untested.length > 0) {
      console.error(`These faults have no test: ${untested.join(', ')}`);
      process.exitCode = 1;
    }
    writeFileSync(page, markdown);
  }
}

function resultOf(test: TestCase): FaultResult[] {
  const { fault } = test.meta();
  if (fault === undefined) return [];
  const { state, ...result } = test.result();
  const note = 'note' in result ? result.note : undefined;
  return [{ ...fault, state: state === 'pending' ? 'skipped' : state, note }];
}
