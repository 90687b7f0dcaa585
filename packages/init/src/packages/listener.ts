import { isDataStoreName } from '@candle/core/programs';
import { type ProjectFiles, readText } from '../project-files.ts';
import type { Place } from '../proposal.ts';
import { inDirectory, lineAt } from '../source.ts';

/** What the code of a program shows about its port. */
export interface ListenerSearch {
  /** Where it listens; undefined if that was not found. */
  readonly listener: (Place & { readonly call: string }) | undefined;
  readonly readsPort: boolean;
  /** The variable that it reads instead of PORT, such as API_PORT. */
  readonly portVariable?: string;
  /** Where the code contains the number of the port. */
  readonly fixedPort: (Place & { readonly port: number }) | undefined;
}

/** The program and the files that it imports, as far as they are needed to find where it listens. */
const maxFiles = 40;

const listenCalls =
  /\.listen\s*\(|\b(?:Bun|Deno)\.serve\s*\(|\bserve\s*\(|\bcreateServer\s*\(|\bstartStandaloneServer\s*\(|\bnew WebSocketServer\s*\(|\$fresh\/|\bapp\.run\s*\(|\bserve_forever\s*\(|\buvicorn\.run\s*\(|\brequire ['"](?:sinatra|webrick)|\bListenAndServe/;

/** Bun serves the default export. */
const servedExport = /\bexport default (?:app\b|\{[^}]{0,2000}\bfetch\b)/;

const readsPort = /\bPORT\b|\$fresh\//;

/** `process.env.API_PORT`, `os.environ.get("API_PORT")`, `ENV.fetch('API_PORT')` and `os.Getenv("API_PORT")`. */
const portVariables =
  /\b(?:env|environ|ENV|[gG]etenv)\b(?:\?)?(?:\.(?:get|fetch))?[.([]{1,2}["'`]?((?:[A-Z][A-Z0-9]*_)*PORT)\b/g;

/** Variables that mean the port of the program itself, even in a file that does not listen, such as its configuration. */
const ownPortVariable = /^(?:HTTP|SERVER|APP|LISTEN)_PORT$/;

const fixedPort = /\.listen\s*\(\s*(\d{2,5})\b|\bport\s*:\s*(\d{2,5})\b/;

/** Searches the code of a program for the place where it listens. */
export function findListener(files: ProjectFiles, entry: string, { isBun = false } = {}): ListenerSearch {
  const queue = [entry];
  let search: ListenerSearch = { listener: undefined, readsPort: false, fixedPort: undefined };
  const configured = new Set<string>();
  for (let at = 0; at < queue.length && at < maxFiles; at += 1) {
    const file = queue[at] ?? '';
    const text = withoutComments(readText(files, file).text ?? '');
    const listens = listenCalls.exec(text) ?? (isBun && at === 0 ? servedExport.exec(text) : null);
    const fixed = fixedPort.exec(text);
    search = {
      ...portReadIn(text, search, listens !== null),
      listener:
        search.listener ??
        (listens === null ? undefined : { file, line: lineAt(text, listens.index), call: nameOf(listens[0]) }),
      fixedPort:
        search.fixedPort ??
        (fixed === null ? undefined : { file, line: lineAt(text, fixed.index), port: Number(fixed[1] ?? fixed[2]) }),
    };
    if (search.listener !== undefined && (search.readsPort || search.portVariable !== undefined)) return search;
    const names = listens === null ? [...text.matchAll(portVariables)].map(([, name = '']) => name) : [];
    for (const name of names.filter((each) => ownPortVariable.test(each))) configured.add(name);
    queue.push(...importsOf(files, file, text).filter((path) => !queue.includes(path)));
  }
  const [portVariable, ...others] = configured;
  const isKnown = search.listener !== undefined && portVariable !== undefined && others.length === 0;
  return isKnown && !search.readsPort ? { ...search, portVariable } : search;
}

/** The file that listens shows which variable it reads. Another file may read the port of another program. */
function portReadIn(
  text: string,
  { listener, readsPort: readBefore, portVariable }: ListenerSearch,
  listens: boolean,
): Pick<ListenerSearch, 'readsPort' | 'portVariable'> {
  const found = listener === undefined && listens ? portVariableIn(text) : portVariable;
  if (found !== undefined) return { readsPort: readBefore, portVariable: found };
  return { readsPort: readBefore || readsPort.test(text) };
}

/** Undefined if it reads PORT, several variables, or only that of a database. */
function portVariableIn(text: string): string | undefined {
  const names = new Set([...text.matchAll(portVariables)].map(([, name = '']) => name));
  const [name, ...others] = [...names].filter((each) => !isDataStoreName(each.replace(/_PORT$/, '')));
  if (name === undefined || name === 'PORT' || others.length > 0) return undefined;
  // A constant of the program can be named PORT.
  const isConstant = new RegExp(`\\bPORT\\s*(?::\\s*\\w+\\s*)?=[^=\\n]{0,200}\\b${name}\\b`).test(text);
  return isConstant || !readsPort.test(text) ? name : undefined;
}

/** The file that a path in a command stands for: without its extension, as a directory, or before it is built. */
export function findSource(files: ProjectFiles, directory: string, path: string): string | undefined {
  const [built] = /^(?:\.\/)?(?:dist|build|out|lib|\.output)\//.exec(path) ?? [];
  const unbuilt = built === undefined ? [] : ['src/', ''].map((source) => `${source}${path.slice(built.length)}`);
  for (const each of [path, ...unbuilt]) {
    const base = inDirectory(directory, each);
    const stem = base.replace(/\.[cm]?[jt]sx?$/, '');
    const candidates = [base, ...extensions.map((extension) => `${stem}${extension}`)];
    const indexes = extensions.map((extension) => `${base}/index${extension}`);
    // `bin/www` has no extension.
    const isCode = (file: string) => codeFile.test(file) || (file === base && /(?:^|\/)[^./]+$/.test(file));
    const found = [...candidates, ...indexes].find((file) => isCode(file) && files.kindOf(file) === 'file');
    if (found !== undefined) return found;
  }
  return undefined;
}

const codeFile = /\.(?:[cm]?[jt]sx?|py|rb|php|go)$/;

const extensions = ['.ts', '.js', '.mjs', '.mts', '.cjs', '.cts', '.tsx', '.jsx', '.py'];

function importsOf(files: ProjectFiles, file: string, text: string): readonly string[] {
  const directory = file.includes('/') ? file.slice(0, file.lastIndexOf('/')) : '';
  const paths = text.matchAll(/(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\s*\(\s*)["'](\.{1,2}\/[^"'\n]+)["']/g);
  return [...paths].slice(0, maxFiles).flatMap(([, path = '']) => findSource(files, directory, path) ?? []);
}

/** Keeps the lines, so that positions stay right. */
function withoutComments(text: string): string {
  const parts: string[] = [];
  let at = 0;
  for (;;) {
    const begin = text.indexOf('/*', at);
    const end = begin < 0 ? -1 : text.indexOf('*/', begin + 2);
    if (end < 0) break;
    // `'/*'` and `/**/*.ts` in a string begin no comment.
    const isComment = /(?:^|[\s;{}(),])$/.test(text.slice(Math.max(0, begin - 1), begin));
    const stop = isComment ? end + 2 : begin + 2;
    parts.push(text.slice(at, begin), isComment ? text.slice(begin, stop).replaceAll(/[^\n]/g, ' ') : '/*');
    at = stop;
  }
  return [...parts, text.slice(at)].join('').replaceAll(/(?<=^|\s)\/\/[^\n]*/g, '');
}

function nameOf(call: string): string {
  return call.startsWith('export') ? 'export default' : call.replace(/\s*\($/, '').replace(/^\./, '');
}
