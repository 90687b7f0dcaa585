import { join } from 'node:path';
import { findVariablePrefix } from '@candle/core/config';
import type { Hint } from '@candle/core/errors';
import { scriptCallIn, scriptTextIn } from '@candle/core/programs';
import { type Run, runDir } from '@candle/core/runs';
import { findDefinition, readKnownServices } from '@candle/core/services';
import { readSmallFile } from '@candle/core/system';
import { findLaunch } from '../../launch/launch.ts';
import type { Supervision } from '../../supervision.ts';
import type { ProcessInfo } from '../../system/process-table.ts';
import type { InspectedPort } from '../inspect-port.ts';
import { type Clues, chooseFix } from './choose-fix.ts';

/**
 * Characters. Some of the expressions for commands take quadratic time, and nobody writes a longer command to start a
 * framework.
 */
const maxCommandLength = 4_096;
/** Maximum number of processes whose command lines are read. */
const maxProcesses = 20;

/** Finds out what to do about a port check that is not fine, from the command of the run and its actual processes. */
export async function findFix(supervision: Supervision, run: Run, inspected: InspectedPort): Promise<Hint> {
  const known = await readKnownServices(supervision, run.projectDir);
  return chooseFix({ ...gatherClues(supervision, run, inspected), definition: findDefinition(known, run.serviceName) });
}

function gatherClues(
  { processes, stateDir }: Supervision,
  run: Run,
  inspected: InspectedPort,
): Omit<Clues, 'definition'> {
  const { portCheck, members, listeners } = inspected;
  const listening = listeners.find(({ port }) => portCheck.listensOn.includes(port))?.process;
  const asked = (listening ? lineageOf(listening, members) : members).slice(0, maxProcesses);
  const variables = portVariablesOf(findLaunch(runDir(stateDir, run.id))?.env ?? {}, run);
  const [first] = variables;
  return {
    portCheck,
    serviceName: run.serviceName,
    shell: run.shell.length > maxCommandLength ? '' : run.shell,
    script: findScript(run),
    commandLines: asked.flatMap(({ pid }) => processes.describe(pid)?.commandLine.slice(0, maxCommandLength) ?? []),
    variables,
    value: first && listening && processes.variableOf(listening.pid, first),
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
  const names = Object.keys(env).filter((name) => env[name] === String(port));
  const rank = (name: string) => (name === 'PORT' ? 0 : name === `${findVariablePrefix(serviceName)}_PORT` ? 2 : 1);
  return names.toSorted((a, b) => rank(a) - rank(b));
}

function findScript({ shell, root }: Run): Clues['script'] {
  const call = scriptCallIn(shell);
  if (!call) return undefined;
  try {
    const text = scriptTextIn(readSmallFile(join(root, 'package.json')), call.script);
    return text === undefined || text.length > maxCommandLength ? undefined : { ...call, text };
  } catch {
    return undefined; // no usable package.json there
  }
}
