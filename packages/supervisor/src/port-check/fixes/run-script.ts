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
export function withArguments(shell: string, { manager }: ScriptCall, more: string): string {
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
