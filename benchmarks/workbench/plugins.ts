import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, runCommand } from '../measure/time-command.ts';
import type { Workspace } from './workbench.ts';

const names = ['one', 'two', 'three'];

/** Installs three plugins for a workspace and returns a function that runs candle with them. */
export async function withThreePlugins(workspace: Workspace): Promise<(args: readonly string[]) => Command> {
  const dataHome = join(workspace.projectDir, 'data');
  const candle = (args: readonly string[]): Command => {
    const command = workspace.candle(args);
    return { ...command, env: { ...command.env, XDG_DATA_HOME: dataHome } };
  };
  for (const name of names) {
    await runCommand(candle(['plugins', 'link', writePlugin(join(workspace.projectDir, `plugin-${name}`), name)]));
  }
  return candle;
}

/** Writes a plugin as it would be published: with a manifest, so that only the command that runs is loaded. */
function writePlugin(directory: string, name: string): string {
  const relativePath = ['commands', `${name}.js`];
  const command = {
    id: name,
    summary: name,
    strict: false,
    isESM: true,
    relativePath,
    aliases: [],
    args: {},
    flags: {},
  };
  const pjson = { name: `candle-plugin-${name}`, version: '1.0.0', type: 'module', oclif: { commands: './commands' } };
  mkdirSync(join(directory, 'commands'), { recursive: true });
  writeFileSync(join(directory, 'package.json'), JSON.stringify(pjson));
  writeFileSync(
    join(directory, 'oclif.manifest.json'),
    JSON.stringify({ version: '1.0.0', commands: { [name]: command } }),
  );
  writeFileSync(
    join(directory, ...relativePath),
    "export default class { static async run() { process.stdout.write('done\\n'); } }\n",
  );
  return directory;
}
