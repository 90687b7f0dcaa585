import { readFileSync } from 'node:fs';
import { bin } from '../sandbox.ts';

interface Manifest {
  readonly commands: Readonly<Record<string, { readonly args: Readonly<Record<string, unknown>> }>>;
}

/** What a command line needs besides the name of the service. */
const otherWords: Readonly<Record<string, readonly string[]>> = {
  'add-service': ['--shell', 'true'],
  'wait-for-log': ['--message', 'ready'],
};

/** What it needs behind the name. */
const wordsBehind: Readonly<Record<string, readonly string[]>> = { send: ['text'] };

/** A command line of this command about a service of that name, whatever the name begins with. */
export function lineOf(command: string, name: string): [string, ...string[]] {
  return [command, ...(otherWords[command] ?? []), '--', name, ...(wordsBehind[command] ?? [])];
}

/** `get-doc` takes the name of a page; of `exec` all that stands behind -- is its command's, and it has no --json. */
const others = ['get-doc', 'exec'];

/** Every command that takes the name of a service, as the CLI itself tells it. */
export const commandsOnServices = namesTakers();

function namesTakers(): readonly string[] {
  const path = new URL('../oclif.manifest.json', `file://${bin}`);
  const { commands }: Manifest = JSON.parse(readFileSync(path, 'utf8'));
  return Object.entries(commands).flatMap(([id, { args }]) =>
    !others.includes(id) && ('name' in args || 'names' in args) ? [id] : [],
  );
}

/** The ones for which a name that is not known yet is no mistake. */
export const commandsThatMakeServices: readonly string[] = ['add-service', 'get-or-reserve-port', 'reserve-port'];
