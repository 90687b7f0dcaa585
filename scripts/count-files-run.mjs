// Counts the source files in which code runs when a command runs from the sources.
//
//   pnpm count:files [--list] COMMAND [ARGUMENT …]
//
// runs `candle COMMAND …` in the current directory and prints the number. With --list, it also prints the files. The output
// of the command goes to stderr. A file counts if V8 reports a call of at least one of its functions. What V8 calls when it
// loads the file does not count: the function that is the module itself, and those that set the static fields of classes.
// The processes that the command starts do not count.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const cli = join(root, 'apps/cli/bin/dev.js');
const sourceFile = /^(packages|apps)\/[^/]+\/src\/.+\.ts$/;

const commandLine = process.argv.slice(2);
const showsList = commandLine[0] === '--list';
const files = filesRun(showsList ? commandLine.slice(1) : commandLine);
console.log(files.length);
if (showsList) console.log(files.join('\n'));

/** The paths of the files, from the root of the repository. */
function filesRun(args) {
  // A change of the sources makes the next command generate the help, which would count.
  spawnSync(process.execPath, [cli, '--version']);
  const coverage = mkdtempSync(join(tmpdir(), 'candle-files-run-'));
  try {
    // Node.js has read the variable when the module given with --import deletes it, so that no child process inherits it.
    const { status } = spawnSync(
      process.execPath,
      ['--import', 'data:text/javascript,delete process.env.NODE_V8_COVERAGE', cli, ...args],
      { env: { ...process.env, NODE_V8_COVERAGE: coverage }, stdio: ['inherit', 2, 2] },
    );
    process.exitCode = status ?? 1;
    const reports = readdirSync(coverage).map((name) => JSON.parse(readFileSync(join(coverage, name), 'utf8')));
    return reports
      .flatMap(({ result }) => result.filter(({ functions }) => functions.some(isCalled)))
      .filter(({ url }) => url.startsWith('file:'))
      .map(({ url }) => relative(root, fileURLToPath(url)))
      .filter((path) => sourceFile.test(path))
      .toSorted();
  } finally {
    rmSync(coverage, { recursive: true, force: true });
  }
}

/** V8 lists the function that is the module itself first. */
function isCalled({ functionName, ranges: [whole] }, index) {
  return index > 0 && functionName !== '<static_initializer>' && whole.count > 0;
}
