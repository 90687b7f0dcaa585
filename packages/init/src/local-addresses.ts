import type { ProjectFiles } from './project-files.ts';
import type { Place } from './proposal.ts';
import { pathIn, readHint } from './source.ts';

/** An address of this machine in a file. */
export interface LocalAddress {
  readonly place: Place;
  /** As it is written, such as `http://localhost:3001`. */
  readonly address: string;
  readonly port: number;
  /** The directory that the file belongs to, relative to the project. */
  readonly directory: string;
  /** The text of its line. */
  readonly line: string;
  /** What the line of a dotenv file sets. */
  readonly assignment?: Assignment;
}

export interface Assignment {
  readonly variable: string;
  readonly value: string;
}

/** `vite.config.ts`, `webpack.dev.js`, `proxy.conf.json`, and others that name the addresses of other programs. */
const configuration =
  /^(?:(?:vite|next|nuxt|astro|svelte|vue|rsbuild|rspack|gatsby|farm)[\w.-]*\.config\.[cm]?[jt]s|(?:vite|next|nuxt|vue|rsbuild|rspack)\.config\.[\w.]+|gatsby-config\.[jt]s|webpack[\w.-]*\.[cm]?[jt]s|proxy\.conf\.(?:json|[cm]?js)|package\.json)$/;

/** dotenv files that development servers read, the one with the highest precedence first. */
const dotenvNames = ['.env.development.local', '.env.local', '.env.development', '.env'];

/** Files that people copy to `.env`, which git ignores, so that a new checkout has only the example. */
export const dotenvExamples = ['.env.example', '.env.sample', '.env.template'];

/** Files in subdirectories that have a fixed place. */
const fixedPlaces = ['src/setupProxy.js'];

/** Projects have a few of these files. More are not worth the time of each `candle up`. */
const maxFiles = 60;

/** A list of allowed origins has a few addresses. */
const maxPerLine = 20;

const addresses =
  /(?:\b[a-z][a-z0-9+]*:\/\/(?:[^\s"'`@/]*@)?)?(?<![\w.-])(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\]):(\d{4,5})\b/g;

/**
 * The local addresses in the configuration and dotenv files of these directories. Of the files that set the same variable, the
 * one with the highest precedence is used. Pure, apart from reading files.
 * @param examples the files that are read where there is no `.env`
 */
export function listLocalAddresses(
  files: ProjectFiles,
  directories: readonly string[],
  examples: readonly string[] = [],
): readonly LocalAddress[] {
  const paths = directories.flatMap((directory) =>
    candidatesIn(files, directory, examples).map((path) => ({ directory, path })),
  );
  const setIn = new Map<string, string>();
  return paths.slice(0, maxFiles).flatMap(({ directory, path }) =>
    addressesIn(files, directory, path).filter(({ assignment }) => {
      if (assignment === undefined) return true;
      const key = `${directory}:${assignment.variable}`;
      if (!setIn.has(key)) setIn.set(key, path);
      return setIn.get(key) === path;
    }),
  );
}

export function isDotenvExample(path: string): boolean {
  return isOneOf(dotenvExamples, path);
}

function isOneOf(names: readonly string[], path: string): boolean {
  return names.includes(path.slice(path.lastIndexOf('/') + 1));
}

function candidatesIn(files: ProjectFiles, directory: string, examples: readonly string[]): readonly string[] {
  const names = files.list(directory);
  const dotenvFiles = names.includes('.env') ? dotenvNames : [...dotenvNames, ...examples];
  const found = [
    ...names.filter((name) => configuration.test(name)),
    ...dotenvFiles.filter((name) => names.includes(name)),
  ];
  const placed = names.includes('src') ? fixedPlaces : [];
  return [...found, ...placed].map((name) => pathIn(directory, name));
}

function addressesIn(files: ProjectFiles, directory: string, path: string): readonly LocalAddress[] {
  return readHint(files, path)
    .split(/\r?\n/)
    .flatMap((line, index) => {
      if (/^\s*(?:#|\/\/|\*)/.test(line)) return [];
      const found = [...line.matchAll(addresses)].slice(0, maxPerLine);
      if (found.length === 0) return [];
      const assignment = assignmentIn(path, line);
      return found.map(([address, port]) => ({
        place: { file: path, line: index + 1 },
        address,
        port: Number(port),
        directory,
        line,
        ...(assignment === undefined ? {} : { assignment }),
      }));
    });
}

function assignmentIn(path: string, line: string): Assignment | undefined {
  if (!isOneOf(dotenvNames, path) && !isDotenvExample(path)) return undefined;
  const [, variable, quote, quoted, plain] =
    /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(?:(["'`])(.*?)\2|([^#]*?))\s*(?:#.*)?$/.exec(line) ?? [];
  return variable === undefined ? undefined : { variable, value: (quote === undefined ? plain : quoted) ?? '' };
}
