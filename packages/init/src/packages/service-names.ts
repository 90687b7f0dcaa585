import type { Process } from './processes.ts';
import { wordsIn } from './shell-line.ts';

export interface Named {
  readonly process: Process;
  /** Whether it has its own script beside the one that starts the package. */
  readonly isExtra: boolean;
  readonly verdict: { readonly kind: string };
}

/** Scripts that do not say what they start. */
const generic = /^(?:dev|start|serve|develop|development|watch|do|run|app)$/;

/** The names of services, unique, in the given order. */
export function namesOf(planned: readonly Named[]): readonly string[] {
  const names: string[] = [];
  for (const { process, isExtra, verdict } of planned) {
    const beside = planned.filter((other) => other.process.from === process.from && !other.isExtra);
    const servers = beside.filter((other) => other.verdict.kind === 'server');
    // The only server of a package is named like the package.
    const isAlone = !isExtra && (beside.length === 1 || (servers.length === 1 && verdict.kind === 'server'));
    const options = nameOptions(process, isAlone)
      .map(slug)
      .filter((name) => name !== '');
    // A service of this name would be confused with the setup command.
    const isFree = (name: string) => name !== 'setup' && !names.includes(name);
    const fallback = options.at(-1) ?? 'app';
    const numbered = Array.from({ length: names.length + 2 }, (_, at) => `${fallback}-${at + 2}`);
    names.push([...options, ...numbered].find(isFree) ?? fallback);
  }
  return names;
}

/** The shortest name first; the others are used if it is taken. */
function nameOptions(process: Process, isAlone: boolean): readonly string[] {
  const { from, label } = process;
  const segments = from.directory.split('/').filter((segment) => segment !== '');
  const directory = segments.at(-1);
  const parts = (process.script ?? '').split(/[:-]/).filter((part) => !generic.test(part));
  const part = label ?? (parts.join('-') || (process.script === undefined ? programOf(process.command) : ''));
  if (directory === undefined)
    return [part, from.name?.replace(/^@[^/]+\//, '') ?? '', 'app'].filter((name) => name !== '');
  const qualified = segments.slice(-2).join('-');
  if (isAlone || part === '') return [label ?? directory, qualified];
  return part.startsWith(directory) ? [part, `${qualified}-${part}`] : [`${directory}-${part}`, `${qualified}-${part}`];
}

function programOf(command: string): string {
  const words = wordsIn(command).map(({ text }) => text);
  const file = words.find((word) => /\.[cm]?[jt]sx?$/.test(word));
  const path = file?.replace(/\.[cm]?[jt]sx?$/, '').replace(/\/(?:index|main)$/, '');
  return (path ?? words[0] ?? '').split('/').at(-1) ?? '';
}

function slug(name: string): string {
  return name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9_]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 60);
}
