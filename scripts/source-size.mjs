// Checks the size of the source files: `pnpm run check:size` prints the numbers, and fails if a limit is exceeded. A file
// should be one concept that a reader understands in one go: neither a fragment, nor a chapter.
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const limits = {
  files: 530,
  /** Lines of one file. */
  lines: 300,
  /** Files with fewer than `fewLines` lines. */
  smallFiles: 60,
  fewLines: 25,
};

/** @param files a list of `{ path, lines }` */
export function summarize(files) {
  const lines = files.map((file) => file.lines).toSorted((a, b) => a - b);
  const quantile = (share) => lines[Math.min(lines.length - 1, Math.floor(lines.length * share))] ?? 0;
  return {
    files: files.length,
    smallFiles: files.filter((file) => file.lines < limits.fewLines).length,
    median: quantile(0.5),
    p90: quantile(0.9),
    max: lines.at(-1) ?? 0,
  };
}

/** One sentence for each limit that the files exceed. */
export function findExcesses(files) {
  const { files: count, smallFiles } = summarize(files);
  return [
    ...(count > limits.files ? [`${count} source files; at most ${limits.files} are allowed`] : []),
    ...(smallFiles > limits.smallFiles
      ? [`${smallFiles} files have fewer than ${limits.fewLines} lines; at most ${limits.smallFiles} may`]
      : []),
    ...files
      .filter(({ lines }) => lines > limits.lines)
      .map(({ path, lines }) => `${path} has ${lines} lines; at most ${limits.lines} are allowed`),
  ];
}

/** The source files of the packages and apps, without tests. */
export function listSourceFiles(root) {
  return globSync('{packages,apps}/*/src/**/*.ts', { cwd: root })
    .filter((path) => !path.endsWith('.test.ts'))
    .map((path) => ({ path, lines: readFileSync(`${root}/${path}`, 'utf8').trimEnd().split('\n').length }));
}

if (import.meta.main) {
  const files = listSourceFiles(fileURLToPath(new URL('..', import.meta.url)));
  const { smallFiles, median, p90, max } = summarize(files);
  console.log(
    `${files.length} source files: median ${median} lines, p90 ${p90}, max ${max}; ${smallFiles} under ${limits.fewLines}`,
  );
  const excesses = findExcesses(files);
  for (const excess of excesses) console.error(excess);
  if (excesses.length > 0) process.exitCode = 1;
}
