/** Programs that only carry out another one, and the words by which they are told to. */
const carriers: ReadonlySet<string> = new Set(
  [
    'sh bash dash zsh exec env cross-env dotenv dotenvx sudo nice time command',
    'node nodejs bun bunx tsx npx npm pnpm pnpx yarn corepack run x dlx exec python python3 py uv uvx poetry pipenv hatch',
    'ruby bundle php',
  ].flatMap((line) => line.split(' ')),
);

/** Of a script's name, what its interpreter does not need. */
const scriptEnding = /\.[cm]?js$/;

/**
 * What a command line is about: without the interpreters, runners, their options and assignments before it, and without
 * the directory of its program. `node /x/node_modules/.bin/vite --host` is `vite --host`.
 */
export function programIn(commandLine: string): string {
  const words = commandLine.trim().split(/\s+/);
  // PHP is a server itself, by an option.
  const isServer = (word: string) => baseName(word) === 'php' && words.includes('-S');
  const at = words.findIndex((word) => !isCarrier(word) || isServer(word));
  if (at < 0) return words.at(-1) ?? '';
  const [program = '', ...rest] = words.slice(at);
  const name = baseName(program).replace(scriptEnding, '');
  return [ownName(program, name), ...rest].join(' ');
}

function isCarrier(word: string): boolean {
  return (
    word.startsWith('-') || /^\w+=/.test(word) || carriers.has(baseName(word).replace(/^python3?\.\d+$/, 'python'))
  );
}

/** The file that a package is started by may be called like any other: `/x/node_modules/vite/bin/cli.js` is `vite`. */
function ownName(program: string, name: string): string {
  const packageName = /\/node_modules\/(?:@[^/]+\/)?([^/]+)\/(?:.*\/)?(?:cli|index|main|start)(?:\.[cm]?js)?$/.exec(
    program,
  )?.[1];
  return packageName ?? name;
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
