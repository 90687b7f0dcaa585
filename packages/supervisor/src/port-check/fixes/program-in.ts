/** Programs that only run another program, and the subcommands that make them do it. */
const carriers: ReadonlySet<string> = new Set(
  [
    'sh bash dash zsh exec env cross-env dotenv dotenvx sudo nice time command',
    'node nodejs bun bunx tsx npx npm pnpm pnpx yarn corepack run x dlx exec python python3 py uv uvx poetry pipenv hatch',
    'ruby bundle php',
  ].flatMap((line) => line.split(' ')),
);

/** File extensions that are removed from the name of a script. */
const scriptEnding = /\.[cm]?js$/;

/**
 * The actual program in a command line and its arguments, without interpreters, runners, their options and assignments before
 * it, and without its directory. `node /x/node_modules/.bin/vite --host` becomes `vite --host`.
 */
export function programIn(commandLine: string): string {
  const words = commandLine.trim().split(/\s+/);
  // With -S, PHP is itself the server.
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

/**
 * The entry file of a package may have a generic name, so the package name is used: `/x/node_modules/vite/bin/cli.js` is
 * `vite`.
 */
function ownName(program: string, name: string): string {
  const packageName = /\/node_modules\/(?:@[^/]+\/)?([^/]+)\/(?:.*\/)?(?:cli|index|main|start)(?:\.[cm]?js)?$/.exec(
    program,
  )?.[1];
  return packageName ?? name;
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
