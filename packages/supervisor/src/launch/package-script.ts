import { join } from 'node:path';
import { isWorker, type ScriptCall, scriptCallIn, scriptTextIn } from '@candle/core/programs';
import type { Run } from '@candle/core/runs';
import { readSmallFile } from '@candle/core/system';

/**
 * Characters. Some of the expressions for commands take quadratic time, and nobody writes a longer command to start a
 * framework.
 */
export const maxCommandLength = 4_096;

/** A package.json script that a command runs. */
export interface PackageScript extends ScriptCall {
  readonly text: string;
}

/** The package.json script that the command of a run calls, unless it cannot be read. */
export function findScript({ shell, root }: Pick<Run, 'shell' | 'root'>): PackageScript | undefined {
  const call = scriptCallIn(shell);
  if (!call) return undefined;
  try {
    const text = scriptTextIn(readSmallFile(join(root, 'package.json')), call.script);
    return text === undefined || text.length > maxCommandLength ? undefined : { ...call, text };
  } catch {
    return undefined; // no usable package.json there
  }
}

/** Whether the command of a run, or the script that it calls, is known never to listen on a port. */
export function runsWorker(run: Pick<Run, 'shell' | 'root'>): boolean {
  const { shell } = run;
  return shell.length <= maxCommandLength && isWorker(findScript(run)?.text ?? shell);
}

/** Whether package.json in this directory lists a package of this name. */
export function dependsOn(root: string, name: string): boolean {
  try {
    const { dependencies, devDependencies }: Record<string, unknown> = JSON.parse(
      readSmallFile(join(root, 'package.json')),
    );
    return [dependencies, devDependencies].some(
      (packages) => typeof packages === 'object' && packages !== null && Object.hasOwn(packages, name),
    );
  } catch {
    return false; // no usable package.json there
  }
}
