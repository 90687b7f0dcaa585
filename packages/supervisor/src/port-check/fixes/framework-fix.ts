import { commandOf, commandsIn, type Framework, findFramework, withArguments, withFlag } from '@candle/core/programs';
import type { StartVerb } from '@candle/core/reservations';
import type { ServiceDefinition } from '@candle/core/services';
import type { PackageScript } from '../../launch/package-script.ts';

/** What is known about the command of a run. */
export interface CommandClues {
  /** The command of the user that can start it; if omitted, `start`. */
  readonly startVerb?: StartVerb | undefined;
  readonly serviceName: string;
  /** The current definition of its service; undefined if there is none any more. */
  readonly definition: Pick<ServiceDefinition, 'isTransient' | 'port' | 'root'> | undefined;
  /** The command that started it. */
  readonly shell: string;
  /** The package.json script that this command runs, and the text of the script. */
  readonly script: PackageScript | undefined;
  /**
   * From the listening process up to the one that was started. For a run that does not listen on any port, all of its
   * processes.
   */
  readonly commandLines: readonly string[];
  /** The variables that should pass it the port, the most common one first. */
  readonly variables: readonly string[];
}

/** What a known program needs in order to use its reserved port; undefined if no program is recognised. */
export function fixForFramework(clues: CommandClues): string | undefined {
  const framework = frameworkOf(clues);
  return framework && `${framework.name} ${framework.why}${adviceOf(framework, clues)}`;
}

/** The command of the service with the flag that its program needs; undefined if a flag at that place is not what it needs. */
export function shellForFramework(clues: CommandClues): string | undefined {
  const framework = frameworkOf(clues);
  return framework?.flag === undefined ? undefined : shellWithFlag(framework, framework.flag, clues);
}

function frameworkOf({ shell, script, commandLines }: CommandClues): Framework | undefined {
  const lines = [...commandLines, ...commandsIn(script?.text ?? ''), ...commandsIn(shell)];
  return lines.map(findFramework).find((framework) => framework !== undefined);
}

function adviceOf(framework: Framework, clues: CommandClues): string {
  const { flag, variable, given } = framework;
  const { shell, script, variables } = clues;
  // A port in the command takes precedence over variables, and a variable that is already set has not helped.
  const isGiven = [shell, script?.text ?? ''].some((text) => given?.test(commandOf(framework, text) ?? ''));
  if (variable !== undefined && !isGiven && !variables.includes(variable))
    return `: "portEnv": ["PORT", "${variable}"]`;
  if (flag === undefined) return '';
  const changed = shellWithFlag(framework, flag, clues);
  if (changed !== undefined) return `: "shell": ${JSON.stringify(changed)}`;
  return `: ${scriptWithFlag(framework, flag, clues) ?? `pass ${flag}`}`;
}

/** A package.json script gets the flag as an argument, unless it contains another port. */
function shellWithFlag(framework: Framework, flag: string, { shell, script }: CommandClues): string | undefined {
  const direct = withFlag(framework, flag, shell);
  if (direct !== undefined || !script || framework.given?.test(script.text)) return direct;
  return withFlag(framework, flag, script.text) === undefined ? undefined : withArguments(shell, script.manager, flag);
}

/** The correction of a package.json script that contains another port. */
function scriptWithFlag(framework: Framework, flag: string, { script }: CommandClues): string | undefined {
  const changed = script && withFlag(framework, flag, script.text);
  return changed && `in package.json "${script.script}": ${JSON.stringify(changed)}`;
}
