/** A package manager that installs into the project, and the files that show how far it has got. Paths are relative. */
export interface Installer {
  readonly name: string;
  /** Matches a command that does nothing but install. */
  readonly command: RegExp;
  /** What the installation depends on. A project has one of them. */
  readonly lockfiles: readonly string[];
  /** What the package manager writes when the installation is complete, by version and setting. */
  readonly lastWritten: readonly string[];
}

const flags = '(?: -[\\w=./:@-]+)*';

function command(text: string): RegExp {
  return new RegExp(`^${text}${flags}$`);
}

/** Only package managers that write a file at the end. Bun and uv, for example, do not. */
const installers: readonly Installer[] = [
  {
    name: 'npm',
    command: command('npm (?:ci|clean-install|install|i)'),
    lockfiles: ['package-lock.json', 'npm-shrinkwrap.json'],
    lastWritten: ['node_modules/.package-lock.json'],
  },
  {
    name: 'pnpm',
    command: command('pnpm (?:install|i)'),
    lockfiles: ['pnpm-lock.yaml'],
    lastWritten: ['node_modules/.modules.yaml'],
  },
  {
    name: 'Yarn',
    command: command('yarn(?: install)?'),
    lockfiles: ['yarn.lock'],
    // Since version 2 with and without node_modules, and version 1.
    lastWritten: ['node_modules/.yarn-state.yml', '.yarn/install-state.gz', 'node_modules/.yarn-integrity'],
  },
];

/** The package manager whose installation is the only thing that a command does. */
export function findInstaller(shell: string): Installer | undefined {
  const text = shell.trim().replaceAll(/\s+/g, ' ');
  return installers.find((installer) => installer.command.test(text));
}
