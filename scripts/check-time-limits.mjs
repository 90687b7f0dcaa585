// Finds limits on elapsed time in tests that no comment explains: `node scripts/check-time-limits.mjs [FILE…]`. Without
// files, all tests of the repository are checked. Exits with 1 if there are findings.
//
// A busy machine exceeds any tight limit, so a test has one only with a comment above the statement that says why the
// machine cannot exceed it: `// Time limit: …`. A limit is an expectation that something measured with a clock is less
// than a value, or an `until` that waits less than by default.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { parseSync, Visitor } from 'oxc-parser';

const tests = [':(glob)**/*.test.ts', ':(glob)e2e/**/*.ts', ':(glob)packages/*/test/**/*.ts'];
const isClock = /\b(?:performance|Date)\.now\(/;
/** Names of times and durations. */
const isTime = /Ms\b|[Tt]ook\b|[Ee]lapsed\b|[Dd]uration|[Dd]elay/;
const isUpperBound = /^toBeLessThan(?:OrEqual)?$/;
const isExplained = /^[ \t]*\/\/ Time limit: /m;
/** The default of `until` in milliseconds. */
const defaultTimeoutMs = 30_000;

const paths = process.argv.length > 2 ? process.argv.slice(2) : list(tests);
for (const path of paths.filter((path) => existsSync(path))) {
  const source = readFileSync(path, 'utf8');
  for (const start of unexplainedLimits(path, source)) {
    const line = source.slice(0, start).split('\n').length;
    console.log(`${path}:${line}: explain above the statement why a busy machine keeps to it: // Time limit: …`);
    process.exitCode = 1;
  }
}

function list(globs) {
  const options = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', ...globs];
  return execFileSync('git', options, { encoding: 'utf8' }).split('\0').filter(Boolean);
}

/** Where the statements begin that have a limit and no comment. */
function unexplainedLimits(path, source) {
  const statements = [];
  const found = new Set();
  const enter = (statement) => void statements.push(statement);
  const leave = () => void statements.pop();
  const visitor = new Visitor({
    ExpressionStatement: enter,
    'ExpressionStatement:exit': leave,
    VariableDeclaration: enter,
    'VariableDeclaration:exit': leave,
    ReturnStatement: enter,
    'ReturnStatement:exit': leave,
    CallExpression(call) {
      if (isLimit(call, source)) found.add(statements.at(-1)?.start ?? call.start);
    },
  });
  visitor.visit(parseSync(path, source).program);
  return [...found].filter((start) => !isExplained.test(commentAbove(source, start)));
}

function isLimit({ callee, arguments: args, start, end }, source) {
  if (callee.type === 'Identifier' && callee.name === 'until') return args.some(isShortWait);
  if (callee.type !== 'MemberExpression' || !isUpperBound.test(callee.property.name)) return false;
  const text = source.slice(start, end);
  return isClock.test(source) && (isClock.test(text) || isTime.test(text));
}

function isShortWait({ properties = [] }) {
  return properties.some(({ key, value }) => key?.name === 'timeoutMs' && value.value < defaultTimeoutMs);
}

/** The line comments directly above a position. */
function commentAbove(source, start) {
  const above = source.slice(0, start).split('\n').slice(0, -1);
  return above.slice(above.findLastIndex((line) => !line.trimStart().startsWith('//')) + 1).join('\n');
}
