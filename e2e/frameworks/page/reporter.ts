import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Reporter, TestCase, TestModule } from 'vitest/node';
import { cases } from '../cases.ts';
import type { FrameworkCase } from '../framework-case.ts';
import { type CaseResult, renderPage } from './render-page.ts';

const page = join(import.meta.dirname, '../../../docs/reference/frameworks.md');

/** Writes what was seen into the docs, if everything was tried and was as expected. */
export default class FrameworkPageReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const results = cases.map((each) => resultOf(each, tests));
    if (results.every((result) => result !== undefined)) writeFileSync(page, renderPage(results));
    else console.log('docs/reference/frameworks.md is left as it was: not all of it was tried and as expected');
  }
}

function resultOf({ name, project, dependency }: FrameworkCase, tests: readonly TestCase[]): CaseResult | undefined {
  const test = tests.find((candidate) => candidate.meta().framework?.project === project);
  const results = test?.meta().framework?.results;
  if (!test || !results || test.result().state === 'failed') return undefined;
  const { note } = { note: undefined, ...test.result() };
  return { name, version: dependency && versionOf(project, dependency), results, note };
}

/** The projects name exact versions. */
function versionOf(project: string, dependency: string): string {
  const path = join(import.meta.dirname, '../projects', project, 'package.json');
  const { dependencies, devDependencies } = JSON.parse(readFileSync(path, 'utf8'));
  return { ...dependencies, ...devDependencies }[dependency];
}
