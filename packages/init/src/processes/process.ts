import { fitCommand, runsCandle } from '../command.ts';
import { findDefaultPort } from '../default-port.ts';
import { commandIn } from '../parsed-file.ts';
import type { ProjectFiles } from '../project-files.ts';
import type { Place, WrittenService } from '../proposal.ts';
import { escapeTemplates, type Findings, isServiceName, pathIn, quoteWord, rootOf } from '../source.ts';

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
  const { name, shell, directory, place, port, fields = {} } = process;
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
  const env = Object.fromEntries(Object.entries(others).map(([key, value]) => [key, escapeTemplates(value)]));
  const namedPort = port ?? portIn(PORT);
  const { guess, unselectedBecause, ...fitted } =
    fields.port === null
      ? { shell: escapeTemplates(shell), guess: undefined, unselectedBecause: undefined }
      : fitCommand({ name, shell, files, directory, port: namedPort, readsPort: PORT !== undefined });
  // The command of the service may contain the reserved port instead.
  const defaultPort = namedPort ?? findDefaultPort(files, { shell, root: directory });
  const because = process.unselectedBecause ?? unselectedBecause;
  findings.services.push({
    service: {
      name,
      ...rootOf(directory),
      ...fitted,
      ...otherFields,
      ...(Object.keys(env).length === 0 ? {} : { env }),
    },
    from: place,
    ...(defaultPort === undefined ? {} : { defaultPort }),
    isSelected: because === undefined,
    ...(guess === undefined ? {} : { guess }),
    ...(because === undefined ? {} : { unselectedBecause: because }),
  });
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
