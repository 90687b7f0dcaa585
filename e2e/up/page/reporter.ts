import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Reporter, TestCase, TestModule } from 'vitest/node';
import type { Kind } from '../kind.ts';
import { kinds } from '../kinds.ts';
import { type KindResult, renderPage } from './render-page.ts';

const page = join(import.meta.dirname, '../../../docs/reference/projects.md');

/** Writes the results to the docs if every kind was tried and gave the expected result. */
export default class ProjectsPageReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const results = kinds.map((kind) => resultOf(kind, tests));
    if (results.every((result) => result !== undefined)) writeFileSync(page, renderPage(results));
    else console.log('docs/reference/projects.md was not changed: some projects were not tried or failed');
  }
}

function resultOf(kind: Kind, tests: readonly TestCase[]): KindResult | undefined {
  const test = tests.find((candidate) => candidate.meta().up?.project === kind.project);
  const written = test?.meta().up?.written;
  return written === undefined || test?.result().state !== 'passed' ? undefined : { kind, written };
}
