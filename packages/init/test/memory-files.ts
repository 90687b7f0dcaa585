import { type ProjectFiles, UnreadableFileError } from '../src/project-files.ts';

/** Project files in memory, by path: texts, objects that are written as JSON, and errors for files that cannot be read. */
export function memoryFiles(contents: Readonly<Record<string, unknown>>): ProjectFiles {
  const paths = Object.keys(contents);
  return {
    read(path) {
      if (!Object.hasOwn(contents, path)) return undefined;
      const content = contents[path];
      if (content instanceof Error) throw new UnreadableFileError(path, content.message);
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
  };
}
