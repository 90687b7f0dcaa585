import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface PluginParts {
  readonly name: string;
  readonly version?: string;
  /** Further fields of package.json, which override name, version and oclif. */
  readonly manifest?: object;
  /** Merged into the `oclif` field of package.json. */
  readonly oclif?: object;
  /** Source of each command by its ID. With `true`, the command prints its ID, the plugin and the version. */
  readonly commands?: Readonly<Record<string, string | true>>;
  /** Adds an oclif.manifest.json, so that Candle loads no code of the plugin before its command runs. */
  readonly hasManifest?: boolean;
  readonly files?: Readonly<Record<string, string>>;
}

/** Writes a minimal plugin: oclif commands without dependencies. */
export function writePlugin(directory: string, parts: PluginParts): string {
  const { name, version = '1.0.0', manifest = {}, oclif = {}, commands = {}, hasManifest = true, files = {} } = parts;
  const ids = Object.keys(commands);
  const oclifManifest = {
    version,
    commands: Object.fromEntries(
      ids.map((id) => [id, { ...manifestCommand(name, id), aliases: [], args: {}, flags: {} }]),
    ),
  };
  const pjson = { name, version, type: 'module', oclif: { commands: './commands', ...oclif }, ...manifest };
  const all = {
    'package.json': JSON.stringify(pjson, null, 2),
    ...(hasManifest ? { 'oclif.manifest.json': JSON.stringify(oclifManifest) } : {}),
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

/** Source of a command that prints one line. */
export function printing(line: string): string {
  return commandSource(`process.stdout.write(${JSON.stringify(`${line}\n`)});`);
}

/** Source of a command with this body. */
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

function manifestCommand(pluginName: string, id: string) {
  const relativePath = ['commands', ...`${id.replaceAll(':', '/')}.js`.split('/')];
  return { id, pluginName, pluginType: 'user', summary: 'Of a test.', strict: false, isESM: true, relativePath };
}

/** Creates the same tarball as `npm pack`. */
export function packPlugin(directory: string, tarball: string): string {
  mkdirSync(dirname(tarball), { recursive: true });
  const work = mkdtempSync(join(dirname(tarball), 'pack-'));
  execFileSync('cp', ['-R', directory, join(work, 'package')]);
  execFileSync('tar', ['-czf', tarball, '-C', work, 'package']);
  rmSync(work, { recursive: true });
  return tarball;
}
