import { relative } from 'node:path';

/**
 * A vitest reporter that lists the tests which ran more than once, each with the error of its first attempt. A retry
 * hides a flaky test, because the summary counts it as passed.
 */
export default class RetriedTestsReporter {
  onTestRunEnd(modules) {
    const retried = modules.flatMap((module) => [...module.children.allTests()]).filter(isRetried);
    if (retried.length === 0) return;
    console.log(`\n Retried tests: ${retried.length}\n${retried.map(render).join('\n')}\n`);
  }
}

function isRetried(test) {
  return (test.diagnostic()?.retryCount ?? 0) > 0;
}

function render(test) {
  const { state, errors } = test.result();
  const [firstLine] = (errors?.[0]?.message ?? 'no error').split('\n', 1);
  const outcome = state === 'passed' ? 'passed' : 'failed again';
  return ` ${relative(process.cwd(), test.module.moduleId)} > ${test.fullName} (${outcome})\n   ${firstLine}`;
}
