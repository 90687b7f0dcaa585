import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface PluginParts {
  readonly name: string;
  readonly version?: string;
  /** Beside name, version and oclif. */
  readonly manifest?: object;
  /** Merged into what the package.json says for oclif. */
  readonly oclif?: object;
  /** Source of each command by its id; a command that is only named prints its name and the version. */
  readonly commands?: Readonly<Record<string, string | true>>;
  /** With an oclif.manifest.json nothing of the plugin is loaded before its command runs. */
  readonly isPrepared?: boolean;
  readonly files?: Readonly<Record<string, string>>;
}

/** Writes a plugin as plain as can be: oclif commands without a dependency, of which each test breaks one thing. */
export function writePlugin(directory: string, parts: PluginParts): string {
  const { name, version = '1.0.0', manifest = {}, oclif = {}, commands = {}, isPrepared = true, files = {} } = parts;
  const ids = Object.keys(commands);
  const prepared = {
    version,
    commands: Object.fromEntries(
      ids.map((id) => [id, { ...preparedCommand(name, id), aliases: [], args: {}, flags: {} }]),
    ),
  };
  const pjson = { name, version, type: 'module', oclif: { commands: './commands', ...oclif }, ...manifest };
  const all = {
    'package.json': JSON.stringify(pjson, null, 2),
    ...(isPrepared ? { 'oclif.manifest.json': JSON.stringify(prepared) } : {}),
    ...Object.fromEntries(
      Object.entries(commands).map(([id, source]) => [
        `commands/${id.replaceAll(':', '/')}.js`,
        source === true ? printing(`${id} of ${name} ${version}`) : source,
      ]),
    ),
    ...files,
  };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
  return directory;
}

/** A command that prints one line. */
export function printing(line: string): string {
  return commandSource(`process.stdout.write(${JSON.stringify(`${line}\n`)});`);
}

/** A command that does this. */
export function commandSource(body: string): string {
  return `export default class {
  static summary = 'Of a test.';
  static args = {};
  static flags = {};
  static strict = false;
  static async run(argv, config) { ${body} }
}
`;
}

function preparedCommand(pluginName: string, id: string) {
  const relativePath = ['commands', ...`${id.replaceAll(':', '/')}.js`.split('/')];
  return { id, pluginName, pluginType: 'user', summary: 'Of a test.', strict: false, isESM: true, relativePath };
}

/** The tarball that `npm pack` would make. */
export function packPlugin(directory: string, tarball: string): string {
  mkdirSync(dirname(tarball), { recursive: true });
  const work = mkdtempSync(join(dirname(tarball), 'pack-'));
  execFileSync('cp', ['-R', directory, join(work, 'package')]);
  execFileSync('tar', ['-czf', tarball, '-C', work, 'package']);
  rmSync(work, { recursive: true });
  return tarball;
}
