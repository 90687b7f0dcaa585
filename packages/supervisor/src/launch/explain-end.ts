import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { advise, type Hint, phrase, program, quote, showPath } from '@candle/core/errors';
import { readLastLines } from '@candle/core/logs';
import { isNpmProgram, type PackageManager, packageManagerOf } from '@candle/core/package-runners';
import { findKillReason, findRunRecord, type Run, runDir } from '@candle/core/runs';
import type { Supervision } from '../supervision.ts';
import type { EndExplanation, EndReport } from './errors.ts';
import { explainFile, explainLineEndings, type FileFacts, lastMatch, readProgramFile } from './explain-file.ts';
import { findBash, findProgram, pathDirectories } from './launch.ts';
import { dependsOn, findScript, type PackageScript } from './package-script.ts';

/** What is known about a run that ended by itself, and what can be looked up. */
export interface EndFacts extends FileFacts {
  /** Who has killed it, as a clause. */
  readonly killReason: string | undefined;
  /** The package.json script that its command calls. */
  readonly script: PackageScript | undefined;
  /** PATH of the run. */
  readonly path: string | undefined;
  /** PATH of the last run before it that did not end with code 127, if it differs. */
  readonly earlier: { readonly path: string; readonly isPrevious: boolean } | undefined;
  /** The directory of PATH that has the program. */
  readonly findOnPath: (name: string, path: string) => string | undefined;
  /** Whether the packages of the project contain a program of this name. */
  readonly packageState: (name: string) => 'installed' | 'missing' | 'unknown';
  readonly manager: PackageManager;
  readonly hasBash: boolean;
}

/** How shells report that a program does not exist. */
const notFoundCode = 127;
/** How shells report an error of syntax. */
const syntaxCode = 2;

/** Explains an end that many users cannot explain. Undefined rather than a guess. Pure. */
export function explainEnd(facts: EndFacts): EndExplanation | undefined {
  const { killReason, exitCode } = facts;
  if (killReason !== undefined) return { cause: killReason, advice: [] };
  if (exitCode === null || exitCode === 0) return undefined;
  return explainShell(facts) ?? explainFile(facts) ?? explainMissing(facts);
}

/** A message of a shell: the script, or the name of the shell if the command is not a file, and what is wrong. */
const shellMessage = /^(?<script>[^\s:]+): (?:(?:line )?\d+: )?(?:eval: )?(?<problem>.+)$/;
const shellNames: ReadonlySet<string> = new Set(['sh', '/bin/sh', 'dash', '/bin/dash']);

/** What bash knows and other shells may not. */
const bashWords: ReadonlySet<string> = new Set(
  '[[ source shopt declare typeset pushd popd mapfile readarray function let'.split(' '),
);
const syntaxProblem = /^(?:Syntax error: |syntax error: |Bad substitution|bad substitution)/;
/** Arrays, process substitution, here strings, substitution of parts, C-like loops, tests, and functions. */
const bashSyntax =
  /(?:^|[\s;&|(])\w+\+?=\(|[<>]\(|<<<|\$\{(?:!|#?\w+(?:\[|\^|,|\/|@|:\s*[\d$(]))|\bfor \(\(|\[\[ |\bfunction \w|&>|\|&/;

/** A command that needs bash. */
function explainShell({ exitCode, lastLines, shell, script, hasBash }: EndFacts): EndExplanation | undefined {
  const { script: file, problem } = lastMatch(lastLines, shellMessage, ({ problem = '' }) =>
    exitCode === syntaxCode ? syntaxProblem.test(problem) : bashWords.has(notFoundIn(problem) ?? ''),
  );
  if (file === undefined || problem === undefined) return undefined;
  const isOwn = shellNames.has(file);
  const text = script?.text ?? shell;
  const needsBash = exitCode === notFoundCode || (exitCode === syntaxCode && isOwn && bashSyntax.test(text));
  if (!needsBash) return undefined;
  const cause =
    exitCode === syntaxCode
      ? 'The command has syntax that bash knows and sh does not'
      : `bash knows ${quote(notFoundIn(problem) ?? '')}, but sh does not`;
  if (!hasBash) return { cause, advice: ['Write the command for sh, or install bash'] };
  return { cause, advice: [isOwn ? runWithBash(shell, script) : phrase(`Run ${quote(file)} with bash instead of sh`)] };
}

function runWithBash(shell: string, script: PackageScript | undefined): Hint {
  const what = script ? `script ${quote(script.script)} of package.json` : 'command';
  const isShown = script === undefined && !shell.includes('\n');
  return advise(`To run the ${what} with bash`, program('bash', '-c', isShown ? shell : '…'));
}

/** How shells, `env` and Node.js say that there is no such program. */
const missingForms: readonly RegExp[] = [
  /^[^\s:]+: (?:(?:line )?\d+: )?(?:eval: )?(?:exec: )?(?<name>[^\s:]+): (?:command )?not found$/,
  /^[^\s:]+:(?:\d+:)? command not found: (?<name>\S+)$/,
  /^(?:\S*\/)?env: ['‘]?(?<name>[^\s:'’]+)['’]?: No such file or directory$/,
];
/** It ends Node.js with another code. */
const spawnForm = /\bspawn (?<name>\S+) ENOENT\b/;

function notFoundIn(problem: string): string | undefined {
  return /^(?:exec: )?(\S+): (?:command )?not found$/.exec(problem)?.[1];
}

/** A program that is not there. */
function explainMissing(facts: EndFacts): EndExplanation | undefined {
  const { exitCode, lastLines, path = '', earlier, findOnPath } = facts;
  const forms = exitCode === notFoundCode ? [...missingForms, spawnForm] : [spawnForm];
  const name = forms.flatMap((form) => lastMatch(lastLines, form)?.name ?? []).at(0);
  if (name === undefined && exitCode !== notFoundCode) return undefined;
  // A carriage return, as `env` shows it.
  if (name?.endsWith('\\r')) return explainLineEndings('a script', name.slice(0, -2));
  // Paths are explained by their files. A program that is in PATH is missing for another reason.
  if (name !== undefined && (name.includes('/') || findOnPath(name, path) !== undefined)) return undefined;
  const removed = (earlier?.path ?? '').split(':').filter((directory) => !path.split(':').includes(directory));
  const lost = name === undefined ? undefined : findOnPath(name, removed.join(':'));
  const ofPackage = name === undefined || lost !== undefined ? undefined : explainPackage(name, facts);
  const [directory = lost] = lost === undefined ? removed : [];
  if (earlier !== undefined && directory !== undefined) {
    const what = lost === undefined ? '' : `, which has ${quote(name ?? '')}`;
    const which = earlier.isPrevious ? 'the previous run' : 'an earlier run';
    const cause = `PATH differs from ${which}: it no longer contains ${showPath(directory)}${what}`;
    const fix = `Start it from a terminal with ${showPath(directory)} in PATH, or set PATH in "env" of the service`;
    return { cause, advice: ofPackage?.advice ?? [fix] };
  }
  return ofPackage ?? (name === undefined ? undefined : explainAbsence(name, path));
}

/** A program of a package that is not in PATH. */
function explainPackage(name: string, { shell, script, packageState, manager }: EndFacts): EndExplanation | undefined {
  const state = packageState(name);
  if (state === 'missing') {
    const cause = `${quote(name)} is a dependency in package.json, but is not installed`;
    return { cause, advice: [advise('To install the packages of the project', program(...manager.install))] };
  }
  const isOwn = script === undefined && shell.split(/[\s;&|()]+/).includes(name);
  if (!isOwn || (state !== 'installed' && !isNpmProgram(name))) return undefined;
  const run = state === 'installed' ? manager.run : (['npx'] as const);
  const advice = phrase('Write ', { command: program(...run, name) }, ` instead of ${name} in the command`);
  const where = state === 'installed' ? 'only node_modules of the project has it' : 'npx downloads it if necessary';
  return { cause: `${quote(name)} is not in PATH`, advice: [phrase(advice, `: ${where}`)] };
}

/** A longer one is not what a user would compare. */
const maxShownPath = 200;

function explainAbsence(name: string, path: string): EndExplanation {
  const origin = 'The service gets PATH from what runs candle, such as a terminal or an MCP client';
  return {
    cause: `No directory in PATH of the service has ${quote(name)}`,
    advice: [
      `Check that ${quote(name)} is spelled correctly and installed`,
      path.length > maxShownPath ? origin : `${origin}: ${showPath(path)}`,
      `If it is in another directory, add that to PATH there, or to "env" of the service`,
    ],
  };
}

type Exit = Pick<Run, 'exitCode' | 'exitSignal'>;

/** The report of a run that has ended with this exit. */
export async function reportEnd(supervision: Supervision, run: Run, exit: Exit = run): Promise<EndReport> {
  const lastLines = await readLastLines(supervision.stateDir, run);
  const explanation = await findExplanation(supervision, run, { ...exit, lastLines });
  return { lastLines: lastLines.map((line) => shownMessage(line, run)), explanation };
}

/**
 * A message of the shell that runs the command, without the name of the command with which it does that. The number of the
 * line is shown if the command has several. Pure.
 */
export function shownMessage(line: string, { shell }: Pick<Run, 'shell'>): string {
  const number = shell.trimEnd().includes('\n') ? '$1$2' : '';
  return line.replace(/^sh: (?:(\d+: )eval: |eval: (line \d+: ))/, `sh: ${number}`);
}

async function findExplanation(
  { store, stateDir }: Supervision,
  run: Run,
  { exitCode, exitSignal, lastLines }: Exit & { readonly lastLines: readonly string[] },
): Promise<EndExplanation | undefined> {
  const endReason = run.endReason ?? (run.status === 'stopping' ? 'stopped' : 'exited');
  if (endReason !== 'exited' || exitCode === 0) return undefined;
  const { projectDir, serviceName, root, shell } = run;
  const all = await store.runs.listOfService(projectDir, serviceName);
  const before = all.filter(({ startedAtMs }) => startedAtMs < run.startedAtMs);
  const pathOf = ({ id }: Run) => findRunRecord(runDir(stateDir, id))?.path;
  const last = before.findLast((one) => one.exitCode !== notFoundCode);
  const earlierPath = last && pathOf(last);
  const path = pathOf(run);
  const isElsewhere = earlierPath !== undefined && earlierPath !== path;
  return explainEnd({
    ...{ exitCode, lastLines, shell, path, root, lookUp: readProgramFile },
    killReason: findKillReason(runDir(stateDir, run.id), { exitSignal, endReason }),
    script: findScript(run),
    earlier: isElsewhere ? { path: earlierPath, isPrevious: last === before.at(-1) } : undefined,
    findOnPath: (name, directories) => pathDirectories(directories).find((dir) => findProgram(name, [dir])),
    packageState: (name) => packageStateOf(root, name),
    manager: packageManagerOf((name) => ancestorsOf(root).some((directory) => existsSync(join(directory, name)))),
    hasBash: findBash(path) !== undefined,
  });
}

/** As Node.js looks for packages: in the directory and all directories above it. */
function packageStateOf(root: string, name: string): 'installed' | 'missing' | 'unknown' {
  if (ancestorsOf(root).some((directory) => existsSync(join(directory, 'node_modules/.bin', name)))) return 'installed';
  return dependsOn(root, name) ? 'missing' : 'unknown';
}

function ancestorsOf(directory: string): readonly string[] {
  const parent = dirname(directory);
  return parent === directory ? [directory] : [directory, ...ancestorsOf(parent)];
}
