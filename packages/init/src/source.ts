import { parseServiceName } from '@candle/core/config';
import type { ProjectFiles } from './project-files.ts';
import type { Finding, Note, Place, ProposedPort, ProposedService, WrittenSetup } from './proposal.ts';

/** Facts about the machine that decide how a service is written. */
export interface SourceContext {
  /** Whether `docker compose` works here, with its engine. */
  readonly hasCompose: boolean;
  readonly platform: NodeJS.Platform;
}

export type SourceFinding = Finding & {
  /** The command that installs what the services need, from the project directory. */
  readonly setup?: WrittenSetup;
};

/** A kind of file that says which services a directory has. */
export interface Source {
  /** The names of the files that it looks for, as they are shown to the user. */
  readonly fileNames: readonly string[];
  /** Whether it also reads files with this name, which is less common. */
  readonly readsOther?: (name: string) => boolean;
  /** Pure, apart from reading files. Never throws because of what a file contains. */
  find(files: ProjectFiles, directory: string, context: SourceContext): SourceFinding;
}

/** A finding under construction. */
export class Findings implements Finding {
  readonly services: ProposedService[] = [];
  readonly ports: ProposedPort[] = [];
  readonly ignored: Note[] = [];
  readonly advice: Note[] = [];
  readonly problems: Note[] = [];

  ignore(place: Place, text: string): void {
    this.ignored.push({ place, text });
  }

  advise(place: Place, text: string): void {
    this.advice.push({ place, text });
  }

  report(place: Place, text: string): void {
    this.problems.push({ place, text });
  }

  /** Without dependencies on what is not a service, which a configuration must not have. */
  withKnownDependencies(): Finding {
    const names = new Set(this.services.map(({ service }) => service.name));
    const services = this.services.map(({ service: { dependsOn = [], ...service }, ...proposed }) => {
      const known = dependsOn.filter((name) => names.has(name) && name !== service.name);
      return { ...proposed, service: { ...service, ...(known.length === 0 ? {} : { dependsOn: known }) } };
    });
    return { ...this, services };
  }
}

/** A path relative to the project, from a directory of the project and a name in it. */
export function pathIn(directory: string, name: string): string {
  return directory === '' ? name : `${directory}/${name}`;
}

/** The path of a file in a directory, both relative to the project. */
export function inDirectory(directory: string, path: string): string {
  const segments: string[] = [];
  for (const segment of `${directory}/${path}`.split('/')) {
    if (segment === '..') {
      if (segments.pop() === undefined) return `../${path}`;
    } else if (segment !== '' && segment !== '.') segments.push(segment);
  }
  return segments.join('/');
}

/** The directory that contains a path of the project. */
export function parentOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0));
}

export function isWithin(directory: string, parent: string): boolean {
  return parent === '' || directory === parent || directory.startsWith(`${parent}/`);
}

/** The `root` of a service; the project directory itself is omitted. */
export function rootOf(directory: string): { readonly root?: string } {
  return directory === '' ? {} : { root: directory };
}

/** Services are named after their directory; those of the project directory have no better name than their kind. */
export function nameFor(directory: string, kind: string): string {
  return directory === '' ? kind : directory.slice(directory.lastIndexOf('/') + 1);
}

export function isServiceName(name: string): boolean {
  try {
    parseServiceName(name);
    return true;
  } catch {
    return false;
  }
}

/** A setup command that runs in a directory of the project. */
export function setupIn(directory: string, run: string, inputs: readonly string[]): WrittenSetup {
  return {
    run: directory === '' ? run : `(cd ${quoteWord(directory)} && ${run})`,
    inputs: inputs.map((name) => pathIn(directory, name)),
  };
}

/** A word as the shell reads it back. */
export function quoteWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** Keeps what another tool leaves to the shell from being read as a template of Candle. */
export function escapeTemplates(text: string): string {
  return text.replace(/\$(?=\{(?:port|(?:services|ports|env)\.[^}]*)\})/g, '$$$$');
}

/** The line of a position in a text, from 1. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

/** Characters; more are not needed to recognize a program. */
const maxHintLength = 128 * 1024;

/** The text of a file that is only used as a hint; nothing if it cannot be read. */
export function readHint(files: ProjectFiles, path: string): string {
  try {
    return (files.read(path) ?? '').slice(0, maxHintLength);
  } catch {
    return '';
  }
}

/**
 * A path as another tool names it, from a directory of the project, relative to the project. Undefined if it is outside the
 * project.
 */
export function resolvePath(directory: string, written: string): string | undefined {
  if (written.startsWith('/') || written.startsWith('~') || /[$\0]/.test(written)) return undefined;
  const segments = directory === '' ? [] : directory.split('/');
  for (const segment of written.split('/')) {
    if (segment === '..' && segments.pop() === undefined) return undefined;
    if (!['..', '.', ''].includes(segment.trim())) segments.push(segment);
  }
  return segments.join('/');
}
