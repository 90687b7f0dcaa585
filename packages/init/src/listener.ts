import { commandsIn } from '@candle/core/programs';
import type { ProjectFiles } from './project-files.ts';
import { pathIn, readHint } from './source.ts';

/** What the file that a command runs shows about its port. */
export interface Listener {
  /** Relative to the project. */
  readonly file: string;
  readonly listens: boolean;
  readonly readsPort: boolean;
}

const source = /\.(?:[cm]?[jt]sx?|py|rb|php|go)$/;

const opensPort =
  /\.listen\(|\bserve\(|\bcreateServer\(|\bapp\.run\(|\buvicorn\.run\(|\bhttp\.server\b|\bsocketserver\b|\brequire ['"](?:sinatra|webrick)|\bListenAndServe|\.Run\(|\bBun\.serve\b|\bDeno\.serve\b|\brun_simple\(/;

const usesPort = /\bPORT\b/;

/** Looks for a listener in the file that a command runs. Undefined if the command does not name a file of the project. */
export function findListener(files: ProjectFiles, directory: string, shell: string): Listener | undefined {
  const words = (commandsIn(shell).at(-1) ?? '').split(/\s+/).map((word) => word.replace(/^\.\//, ''));
  const candidates = [
    ...words.filter((word) => source.test(word)),
    // `python -m shop.server`, and `node src` or `node server`.
    ...words.flatMap((word) => moduleFiles(word)),
  ];
  for (const candidate of candidates) {
    const file = pathIn(directory, candidate);
    if (candidate.startsWith('/') || candidate.split('/').includes('..') || files.kindOf(file) !== 'file') continue;
    const text = readHint(files, file);
    return { file, listens: opensPort.test(text), readsPort: usesPort.test(text) };
  }
  return undefined;
}

function moduleFiles(word: string): readonly string[] {
  if (!/^[\w./-]+$/.test(word) || source.test(word)) return [];
  const path = /^\w+(?:\.\w+)*$/.test(word) ? word.replaceAll('.', '/') : word;
  return [`${path}.py`, `${path}/__main__.py`, `${path}.js`, `${path}/index.js`, `${path}/index.ts`];
}
