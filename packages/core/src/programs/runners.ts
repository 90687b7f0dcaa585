/** Programs of package managers that only run another program. */
const runners: ReadonlySet<string> = new Set([
  ...['npm', 'npm-cli', 'npx', 'npx-cli', 'pnpm', 'pnpx', 'yarn', 'yarnpkg', 'corepack', 'bunx'],
]);

/** What follows the name of a program in the file of a version: `yarn-4.9.1.cjs`, `pnpm.mjs`. */
const fileEnding = /(?:-\d[\w.]*)?\.[cm]?js$/;

/** A file, in contrast to the name of a script or a command. */
const isFile = (word: string) => word.includes('/') || /\.[cm]?[jt]sx?$/.test(word);

/**
 * Whether the command line of a process is that of a package manager that runs a script or a program: npm, npx, pnpm, yarn,
 * `bun run`, or `node --run`. They may not pass on a signal that only they get. Pure.
 */
export function isPackageRunner(commandLine: string): boolean {
  const [program = '', ...rest] = commandLine.split(' ').filter((word) => word !== '');
  const name = baseName(program);
  const words = rest.filter((word) => !word.startsWith('-'));
  if (name === 'bun') return runsByName(words);
  if (name !== 'node' && name !== 'nodejs') return runners.has(name);
  return rest[0] === '--run' || rest[0]?.startsWith('--run=') === true || runners.has(baseName(words[0] ?? ''));
}

/** `bun run dev`, `bun x vite` and `bun dev` run another program; `bun run server.ts` runs the file itself. */
function runsByName([first, second]: readonly string[]): boolean {
  const target = ['run', 'x', 'exec'].includes(first ?? '') ? second : first;
  return target !== undefined && !isFile(target);
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(fileEnding, '');
}

/** How a project runs a program of its packages, and installs them. */
export interface PackageManager {
  readonly run: readonly [string, ...string[]];
  readonly install: readonly [string, ...string[]];
}

const npm: PackageManager = { run: ['npx'], install: ['npm', 'install'] };
const otherManagers: readonly (PackageManager & { readonly lockfiles: readonly string[] })[] = [
  { lockfiles: ['pnpm-lock.yaml'], run: ['pnpm', 'exec'], install: ['pnpm', 'install'] },
  { lockfiles: ['yarn.lock'], run: ['yarn', 'run'], install: ['yarn', 'install'] },
  { lockfiles: ['bun.lock', 'bun.lockb'], run: ['bunx'], install: ['bun', 'install'] },
];

/** The package manager of a project, given which files it has. */
export function packageManagerOf(hasFile: (name: string) => boolean): PackageManager {
  return otherManagers.find(({ lockfiles }) => lockfiles.some(hasFile)) ?? npm;
}

/** Programs that the npm package of the same name contains, and that are often run without being installed globally. */
const npmPrograms: ReadonlySet<string> = new Set(
  `astro browser-sync concurrently cross-env esbuild expo gatsby http-server jest json-server live-server next nodemon
  nuxt nx parcel pm2 prisma react-scripts rollup serve storybook ts-node tsup tsx turbo vite vitepress vitest webpack
  webpack-dev-server wait-on wrangler`.split(/\s+/),
);

/** Whether `npx` certainly runs the right program, also if the project does not have it. */
export function isNpmProgram(name: string): boolean {
  return npmPrograms.has(name);
}
