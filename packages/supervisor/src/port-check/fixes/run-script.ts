/** A command that runs a script of package.json. */
export interface ScriptCall {
  readonly manager: 'npm' | 'pnpm' | 'yarn' | 'bun';
  readonly script: string;
}

/** Scripts that have a command of their own: `npm start`. */
const shortScripts = 'start|test';
const calls = new RegExp(
  `^(?:exec )?(?:(?<manager>npm|pnpm|yarn|bun) (?:run|run-script) (?<script>[\\w:.-]+)|(?<other>npm|pnpm|yarn|bun) (?<short>${shortScripts})|(?<direct>pnpm|yarn) (?<name>(?!run |exec |dlx |-)[\\w:.-]+))(?: |$)`,
);

/** The script that a command runs, when it does nothing else. */
export function scriptCallIn(shell: string): ScriptCall | undefined {
  if (!isOneCommand(shell)) return undefined;
  const { manager, script, other, short, direct, name } = calls.exec(shell.trim())?.groups ?? {};
  const [called, which] = [script ?? short ?? name, manager ?? other ?? direct];
  return called === undefined ? undefined : { manager: which as ScriptCall['manager'], script: called };
}

/** The command with more arguments for its script. npm needs the dashes; pnpm would hand them on to the script. */
export function withArguments(shell: string, { manager }: ScriptCall, more: string): string {
  const hasDashes = / -- /.test(`${shell} `);
  return [shell.trim(), ...(manager === 'npm' && !hasDashes ? ['--'] : []), more].join(' ');
}

/** Nothing of what a shell does beside it: what is written behind it goes to this command. */
export function isOneCommand(shell: string): boolean {
  return !/[|;&<>()\n#`]/.test(shell.replaceAll(/'[^']*'|"[^"]*"/g, ''));
}

/** The single commands of a line for the shell, about as the shell would see them. */
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
