import { readFileSync } from 'node:fs';
import { bin } from '../sandbox.ts';

interface Manifest {
  readonly commands: Readonly<Record<string, { readonly args: Readonly<Record<string, unknown>> }>>;
}

/** Arguments that a command requires before the name of the service. */
const wordsBeforeName: Readonly<Record<string, readonly string[]>> = {
  'add-service': ['--shell', 'true'],
  'wait-for-log': ['--message', 'ready'],
};

/** Arguments that a command requires after the name. */
const wordsAfterName: Readonly<Record<string, readonly string[]>> = { send: ['text'] };

/** The command line that runs this command for this service, even if the name begins with a dash. */
export function lineOf(command: string, name: string): [string, ...string[]] {
  return [command, ...(wordsBeforeName[command] ?? []), '--', name, ...(wordsAfterName[command] ?? [])];
}

/** `get-doc` and `help` take other names. `exec` passes everything after -- to its command, and has no --json. */
const excluded = ['get-doc', 'help', 'exec'];

/** Every command that takes the name of a service, according to the CLI's manifest. */
export const commandsOnServices = findCommandsOnServices();

function findCommandsOnServices(): readonly string[] {
  const path = new URL('../oclif.manifest.json', `file://${bin}`);
  const { commands }: Manifest = JSON.parse(readFileSync(path, 'utf8'));
  return Object.entries(commands).flatMap(([id, { args }]) =>
    !excluded.includes(id) && ('name' in args || 'names' in args) ? [id] : [],
  );
}

/** The commands that accept a name that is not known yet. */
export const commandsThatMakeServices: readonly string[] = ['add-service', 'get-or-reserve-port', 'reserve-port'];
