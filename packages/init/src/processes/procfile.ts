import { readReported } from '../parsed-file.ts';
import type { ProjectFiles } from '../project-files.ts';
import type { Place } from '../proposal.ts';
import { Findings, pathIn, type Source } from '../source.ts';
import { addProcess, envFileOf } from './process.ts';

interface Entry {
  readonly shell: string;
  readonly place: Place;
}

/** The first of these describes the processes; Procfile.local replaces and adds some of them on this machine. */
const mainFiles = ['Procfile.dev', 'Procfile'];
const localFile = 'Procfile.local';

/** A process per line. Only Heroku runs `release`, after a deployment. */
export const procfile: Source = {
  fileNames: [...mainFiles, localFile],
  find(files, directory) {
    const findings = new Findings();
    const main = mainFiles.find((name) => files.kindOf(pathIn(directory, name)) === 'file');
    const entries = new Map([
      ...(main === undefined ? [] : readProcfile(files, pathIn(directory, main), findings)),
      ...readProcfile(files, pathIn(directory, localFile), findings),
    ]);
    for (const [name, { shell, place }] of entries) {
      if (name === 'release') findings.ignore(place, "'release' runs only after a deployment");
      else addProcess(findings, files, { name, shell, directory, place, fields: envFileOf(files, directory) });
    }
    return findings;
  },
};

function readProcfile(files: ProjectFiles, file: string, findings: Findings): ReadonlyMap<string, Entry> {
  const entries = new Map<string, Entry>();
  const lines = (readReported(files, file, findings) ?? '').split(/\r?\n/);
  for (const [index, line] of lines.entries()) {
    const place = { file, line: index + 1 };
    if (line.trim() === '' || /^\s*#/.test(line)) continue;
    const [, name, command = ''] = /^\s*([A-Za-z0-9_-]+)\s*:\s*(\S.*)$/.exec(line) ?? [];
    const shell = command.trimEnd();
    if (name === undefined || name.startsWith('-') || shell.includes('\0'))
      findings.report(place, "This line is not of the form 'name: command'");
    else if (entries.has(name)) findings.report(place, `The process '${name}' is defined twice; the first one is used`);
    else entries.set(name, { shell, place });
  }
  return entries;
}
