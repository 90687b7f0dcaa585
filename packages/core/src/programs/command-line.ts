/** A command that runs a package.json script. */
export interface ScriptCall {
  readonly manager: 'npm' | 'pnpm' | 'yarn' | 'bun';
  readonly script: string;
}

/** Scripts with a dedicated command, such as `npm start`. */
const shortScripts = 'start|test';
const calls = new RegExp(
  `^(?:exec )?(?:(?<manager>npm|pnpm|yarn|bun) (?:run|run-script) (?<script>[\\w:.-]+)|(?<other>npm|pnpm|yarn|bun) (?<short>${shortScripts})|(?<direct>pnpm|yarn) (?<name>(?!run |exec |dlx |-)[\\w:.-]+))(?: |$)`,
);

/** The script that a command runs; undefined if the command does anything else. */
export function scriptCallIn(shell: string): ScriptCall | undefined {
  if (!isOneCommand(shell)) return undefined;
  const { manager, script, other, short, direct, name } = calls.exec(shell.trim())?.groups ?? {};
  const [called, which] = [script ?? short ?? name, manager ?? other ?? direct];
  return called === undefined ? undefined : { manager: which as ScriptCall['manager'], script: called };
}

/** Adds arguments for the script to the command. npm needs the `--`; pnpm would pass it on to the script. */
export function withArguments(shell: string, manager: string, more: string): string {
  const hasDashes = / -- /.test(`${shell} `);
  return [shell.trim(), ...(manager === 'npm' && !hasDashes ? ['--'] : []), more].join(' ');
}

/** Whether the text is a single command without shell operators, so that appended arguments go to that command. */
export function isOneCommand(shell: string): boolean {
  return !/[|;&<>()\n#`]/.test(shell.replaceAll(/'[^']*'|"[^"]*"/g, ''));
}

/** Splits a shell line into its commands, approximately as the shell would. */
export function commandsIn(shell: string): readonly string[] {
  return shell.split(/[|;&()\n]+/).map((command) => command.trim());
}

/** The text of a script, from the text of package.json. */
export function scriptTextIn(packageJson: string, script: string): string | undefined {
  try {
    const { scripts }: { scripts?: Record<string, unknown> } = JSON.parse(packageJson);
    const text = scripts?.[script];
    return typeof text === 'string' ? text : undefined;
  } catch {
    return undefined;
  }
}

/** Programs that only run another program, and the subcommands that make them do it. */
const carriers: ReadonlySet<string> = new Set(
  `sh bash dash zsh exec env cross-env dotenv dotenvx sudo nice time command
  node nodejs bun bunx tsx npx npm pnpm pnpx yarn corepack run x dlx exec python python3 py uv uvx poetry pipenv hatch
  ruby bundle php`.split(/\s+/),
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
