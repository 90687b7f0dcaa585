import type { DatedFiles } from '../src/packages/set-up.ts';

/** Project files in memory: texts, or objects that are written as JSON, by path. */
export function memoryFiles(
  contents: Readonly<Record<string, unknown>>,
  modifiedMs: Readonly<Record<string, number>> = {},
): DatedFiles {
  const paths = Object.keys(contents);
  return {
    read(path) {
      if (!Object.hasOwn(contents, path)) return undefined;
      const content = contents[path];
      return typeof content === 'string' ? content : JSON.stringify(content, null, 2);
    },
    list(directory) {
      const prefix = directory === '' ? '' : `${directory}/`;
      const names = paths.flatMap((path) =>
        path.startsWith(prefix) ? (path.slice(prefix.length).split('/')[0] ?? []) : [],
      );
      return [...new Set(names)].sort();
    },
    kindOf(path) {
      if (Object.hasOwn(contents, path)) return 'file';
      return path === '' || paths.some((each) => each.startsWith(`${path}/`)) ? 'directory' : undefined;
    },
    modifiedMs: (path) => modifiedMs[path],
  };
}
