import { type FittedCommand, fitCommand, resolveScript, runsCandle } from '../command.ts';
import { findDefaultPort } from '../default-port.ts';
import { commandIn } from '../parsed-file.ts';
import type { ProjectFiles } from '../project-files.ts';
import type { Place, WrittenService } from '../proposal.ts';
import { escapeTemplates, type Findings, isServiceName, pathIn, quoteWord, resolvePath, rootOf } from '../source.ts';

/** A process in the file of a process manager. */
export interface ForeignProcess {
  readonly name: string;
  readonly shell: string;
  /** Relative to the project. */
  readonly directory: string;
  readonly place: Place;
  /** The port that the file names for it. */
  readonly port?: number;
  /** Fields that the file sets; they take precedence over what the command shows. */
  readonly fields?: Omit<Partial<WrittenService>, 'name' | 'shell' | 'root'>;
  readonly unselectedBecause?: string;
}

/** Adds the service for a process, or the reason why there is none. */
export function addProcess(findings: Findings, files: ProjectFiles, process: ForeignProcess): void {
  const { name, place, port, fields = {} } = process;
  const { shell, directory } = inItsDirectory(files, process);
  const isValid = isServiceName(name) && commandIn(shell) !== undefined;
  if (!isValid) {
    findings.report(place, `The name or the command of the process '${name}' is not valid in Candle`);
    return;
  }
  if (runsCandle(shell)) {
    findings.ignore(place, `'${name}' runs candle itself`);
    return;
  }
  const { env: written = {}, ...otherFields } = fields;
  const { PORT, ...others } = written;
  const namedPort = port ?? portIn(PORT);
  const { guess, unselectedBecause, portEnv, ...fitted }: Partial<FittedCommand> & { readonly shell: string } =
    fields.port === null
      ? { shell: escapeTemplates(shell) }
      : fitCommand({ name, shell, files, directory, port: namedPort, readsPort: PORT !== undefined });
  // The command of the service may contain the reserved port instead.
  const { text, directory: root } = resolveScript({ shell, files, directory });
  const defaultPort = namedPort ?? portIn(others[portEnv ?? '']) ?? findDefaultPort(files, { shell: text, root });
  const reserve = reserver(fitted.port === 'auto' ? defaultPort : undefined);
  const env = Object.fromEntries(
    Object.entries(others)
      .filter(([key]) => key !== portEnv)
      .map(([key, value]) => [key, key.endsWith('PORT') ? reserve(escapeTemplates(value)) : escapeTemplates(value)]),
  );
  const because = process.unselectedBecause ?? unselectedBecause;
  findings.services.push({
    service: {
      name,
      ...rootOf(directory),
      ...fitted,
      ...(portEnv === undefined ? {} : { portEnv }),
      ...otherFields,
      ...(otherFields.ready ? { ready: withCommand(otherFields.ready, reserve) } : {}),
      ...(Object.keys(env).length === 0 ? {} : { env }),
    },
    from: place,
    ...(defaultPort === undefined ? {} : { defaultPort }),
    isSelected: because === undefined,
    ...(guess === undefined ? {} : { guess }),
    ...(because === undefined ? {} : { unselectedBecause: because }),
  });
}

/** `cd client && npm start` runs in the directory `client`. What follows a single `&` would run in the one before. */
function inItsDirectory(
  files: ProjectFiles,
  { shell, directory }: ForeignProcess,
): { readonly shell: string; readonly directory: string } {
  const [, entered, rest = ''] = /^\s*cd\s+([\w@%+=:,./-]+)\s*&&\s*(\S.*)$/s.exec(shell) ?? [];
  const path = entered === undefined ? undefined : resolvePath(directory, entered);
  if (path === undefined || files.kindOf(path) !== 'directory' || /(?<![&>])&(?![&>])/.test(rest))
    return { shell, directory };
  return { shell: rest, directory: path };
}

/** Replaces the port on which a process listens without Candle: other fields name it too, as in `pg_isready -p 5432`. */
function reserver(port: number | undefined): (text: string) => string {
  if (port === undefined) return (text) => text;
  const number = new RegExp(`(?<![\\w.])${port}(?![\\w.])`, 'g');
  return (text) => text.replace(number, () => '${port}');
}

function withCommand(ready: Readonly<Record<string, unknown>>, change: (text: string) => string): typeof ready {
  return typeof ready.exec === 'string' ? { ...ready, exec: change(ready.exec) } : ready;
}

function portIn(value: string | undefined): number | undefined {
  return value !== undefined && /^\d{1,5}$/.test(value) ? Number(value) : undefined;
}

/** Enters a directory outside the project, where a service cannot have its root. The shell replaces `~` and variables. */
export function enter(directory: string): string {
  return `cd ${/^[\w@%+=:,./~$-]+$/.test(directory) ? directory : quoteWord(directory)} && `;
}

/** The `.env` file that these tools read by default, if there is one. */
export function envFileOf(files: ProjectFiles, directory: string): { readonly envFile?: string } {
  const file = pathIn(directory, '.env');
  return files.kindOf(file) === 'file' ? { envFile: file } : {};
}
