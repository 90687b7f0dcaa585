import { findVariablePrefix } from '@candle/core/config';
import { type Hint, lines } from '@candle/core/errors';
import { type Run, runDir } from '@candle/core/runs';
import { findDefinition, listUsualEnvFiles, readEnvFiles, readKnownServices } from '@candle/core/services';
import { findQuestion } from '../../input/send.ts';
import type { EndReport, PortConflict } from '../../launch/errors.ts';
import { findLaunch, type Launch } from '../../launch/launch.ts';
import { findScript, maxCommandLength } from '../../launch/package-script.ts';
import { whoHas } from '../../ports/who-has.ts';
import type { Supervision } from '../../supervision.ts';
import type { ProcessInfo } from '../../system/process-table.ts';
import type { InspectedPort } from '../inspect-port.ts';
import { chooseFix } from './choose-fix.ts';
import type { CommandClues } from './framework-fix.ts';
import { findNumberHolder, type NumberHolder } from './number-holder.ts';
import { adviseOnUnreserved } from './own-port.ts';
import { adviseOnTakenPort, findTakenPort } from './taken-port.ts';

/** Maximum number of processes whose command lines are read. */
const maxProcesses = 20;

/** Finds out what to do about a port check that is not fine, from the command of the run and its actual processes. */
export async function findFix(supervision: Supervision, run: Run, inspected: InspectedPort): Promise<Hint> {
  const { portCheck, members, listeners } = inspected;
  const listening = listeners.find(({ port }) => portCheck.listensOn.includes(port))?.process;
  const env = findLaunch(runDir(supervision.stateDir, run.id))?.env ?? {};
  const processes = listening ? lineageOf(listening, members) : members;
  const clues = await gatherClues(supervision, run, { env, processes });
  if (portCheck.status === 'unreserved') {
    const { listensOn } = portCheck;
    const holder = await findHolder(supervision, run, listensOn, { ...clues, env });
    const sameNumber = 'A second checkout of this project would use the same port';
    return lines(sameNumber, adviseOnUnreserved(clues, { listensOn, holder }));
  }
  const [first] = clues.variables;
  const value = first && listening && supervision.processes.variableOf(listening.pid, first);
  const { listensOn } = portCheck;
  const holder =
    portCheck.status === 'wrong-port' ? await findHolder(supervision, run, listensOn, { ...clues, env }) : undefined;
  const fix = chooseFix({ ...clues, portCheck, value, holder });
  const question = portCheck.status === 'not-listening' ? await findQuestion(supervision, run) : undefined;
  return question === undefined ? fix : lines(question, fix);
}

async function findHolder(
  supervision: Supervision,
  run: Run,
  ports: readonly number[],
  { shell, script, env: started }: CommandClues & Pick<Launch, 'env'>,
): Promise<NumberHolder | undefined> {
  const { projectDir, root } = run;
  const definition = findDefinition(await readKnownServices(supervision, projectDir), run.serviceName);
  const own = definition === undefined ? [] : await readEnvFiles(projectDir, definition).catch(() => []);
  const usual = listUsualEnvFiles(root).filter(({ path }) => !own.some((file) => file.path === path));
  return findNumberHolder(ports, {
    projectDir,
    files: [...own.toReversed(), ...usual],
    env: definition?.env ?? {},
    commands: [
      { text: shell, place: 'its command' },
      { text: script?.text ?? '', place: `the script ${JSON.stringify(script?.script)} of package.json` },
    ],
    started,
  });
}

/**
 * Finds out which process uses the port that a run that has ended failed to listen on, if its output mentions one, and what to
 * do about it. The port may differ from the reserved one, for example if it is hardcoded in the program.
 */
export async function findPortConflict(
  supervision: Supervision,
  run: Run,
  { lastLines, env = {} }: Pick<EndReport, 'lastLines'> & { readonly env?: Launch['env'] | undefined },
): Promise<PortConflict | undefined> {
  const port = findTakenPort(lastLines);
  if (port === undefined) return undefined;
  const { projectDir, port: reserved } = run;
  const report = await whoHas(supervision, { port, projectDir });
  if (report.owners.length === 0) return undefined;
  const clues = await gatherClues(supervision, run, { env, processes: [] });
  const holder = await findHolder(supervision, run, [port], { ...clues, env });
  return { report, fix: adviseOnTakenPort({ clues, holder, projectDir, reserved, report }) };
}

async function gatherClues(
  supervision: Supervision,
  run: Run,
  { env, processes }: Pick<Launch, 'env'> & { readonly processes: readonly ProcessInfo[] },
): Promise<CommandClues> {
  const known = await readKnownServices(supervision, run.projectDir);
  const commandLines = processes
    .slice(0, maxProcesses)
    .flatMap(({ pid }) => supervision.processes.describe(pid)?.commandLine.slice(0, maxCommandLength) ?? []);
  return {
    startVerb: supervision.startVerb,
    serviceName: run.serviceName,
    definition: findDefinition(known, run.serviceName),
    shell: run.shell.length > maxCommandLength ? '' : run.shell,
    script: findScript(run),
    commandLines,
    variables: portVariablesOf(env, run),
  };
}

/** A process and those of its ancestors that belong to the run. */
function lineageOf(process: ProcessInfo, members: readonly ProcessInfo[]): readonly ProcessInfo[] {
  const lineage: ProcessInfo[] = [];
  for (let next: ProcessInfo | undefined = process; next && !lineage.includes(next); ) {
    lineage.push(next);
    const { ppid }: ProcessInfo = next;
    next = members.find(({ pid }) => pid === ppid);
  }
  return lineage;
}

/** Found by their value. The variable that also passes the port to other services comes last: programs rarely read it. */
function portVariablesOf(env: Readonly<Record<string, string>>, { port, serviceName }: Run): readonly string[] {
  if (port === null) return [];
  const names = Object.keys(env).filter((name) => env[name] === String(port));
  const rank = (name: string) => (name === 'PORT' ? 0 : name === `${findVariablePrefix(serviceName)}_PORT` ? 2 : 1);
  return names.toSorted((a, b) => rank(a) - rank(b));
}
