import { type ProjectFiles, UnreadableFileError } from '../src/project-files.ts';
import type { Finding, WrittenService } from '../src/proposal.ts';
import type { SourceContext } from '../src/source.ts';

/** A project in memory: file contents by path. An Error stands for a file that cannot be read, with its message. */
export function filesOf(contents: Readonly<Record<string, string | Error>>): ProjectFiles {
  const paths = Object.keys(contents);
  return {
    read(path) {
      const content = Object.hasOwn(contents, path) ? contents[path] : undefined;
      if (content instanceof Error) throw new UnreadableFileError(path, content.message);
      return content;
    },
    list(directory) {
      const prefix = directory === '' ? '' : `${directory}/`;
      const names = paths.flatMap((path) =>
        path.startsWith(prefix) ? [path.slice(prefix.length).split('/')[0] ?? ''] : [],
      );
      return [...new Set(names)].sort();
    },
    kindOf(path) {
      if (Object.hasOwn(contents, path)) return 'file';
      return path === '' || paths.some((other) => other.startsWith(`${path}/`)) ? 'directory' : undefined;
    },
  };
}

export const withCompose: SourceContext = { hasCompose: true, platform: 'linux' };

export const withoutCompose: SourceContext = { hasCompose: false, platform: 'linux' };

/** The services as they would be written, by name. */
export function writtenIn({ services }: Finding): Readonly<Record<string, Omit<WrittenService, 'name'>>> {
  return Object.fromEntries(services.map(({ service: { name, ...written } }) => [name, written]));
}

/** Notes as `file:line text`. */
export function linesOf(notes: Finding['problems']): readonly string[] {
  return notes.map(({ place: { file, line }, text }) => `${file}${line === undefined ? '' : `:${line}`} ${text}`);
}
