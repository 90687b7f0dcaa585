import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Reporter, TestCase, TestModule } from 'vitest/node';
import { cases } from '../cases.ts';
import type { FrameworkCase } from '../framework-case.ts';
import { titleOf } from '../versions.ts';
import { type CaseResult, renderPage } from './render-page.ts';

const page = join(import.meta.dirname, '../../../docs/reference/frameworks.md');

/** Writes the results to the docs if every case ran and gave the expected result. */
export default class FrameworkPageReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const results = cases.map((each) => resultOf(each, tests));
    if (results.every((result) => result !== undefined)) writeFileSync(page, renderPage(results));
    else console.log('docs/reference/frameworks.md was not changed: some cases did not run or failed');
  }
}

function resultOf(each: FrameworkCase, tests: readonly TestCase[]): CaseResult | undefined {
  const test = tests.find((candidate) => candidate.meta().framework?.project === each.project);
  const { results, byName } = test?.meta().framework ?? {};
  if (!test || !results || !byName || test.result().state === 'failed') return undefined;
  const { note } = { note: undefined, ...test.result() };
  return { title: titleOf(each), results, byName, note };
}
