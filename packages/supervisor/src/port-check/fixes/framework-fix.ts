import type { Clues } from './clues.ts';
import type { Framework } from './framework.ts';
import { frameworks } from './frameworks.ts';
import { programIn } from './program-in.ts';
import { commandsIn, isOneCommand, withArguments } from './run-script.ts';

/** What a known program needs in order to use its reserved port; undefined if no program is recognised. */
export function fixForFramework(clues: Clues): string | undefined {
  const { shell, script, commandLines } = clues;
  const lines = [...commandLines, ...commandsIn(script?.text ?? ''), ...commandsIn(shell)];
  for (const line of lines) {
    const framework = findFramework(line);
    if (framework) return `${framework.name} ${framework.why}${adviceOf(framework, clues)}`;
  }
  return undefined;
}

function findFramework(commandLine: string): Framework | undefined {
  const program = programIn(commandLine);
  return frameworks.find((framework) => framework.program.test(program));
}

function adviceOf(framework: Framework, clues: Clues): string {
  const { flag, variable, given } = framework;
  const { shell, script, variables } = clues;
  // A port in the command takes precedence over variables, and a variable that is already set has not helped.
  const isGiven = [shell, script?.text ?? ''].some((text) => given?.test(commandOf(framework, text) ?? ''));
  if (variable !== undefined && !isGiven && !variables.includes(variable))
    return `: "portEnv": ["PORT", "${variable}"]`;
  if (flag === undefined) return '';
  return `: ${inShell(framework, flag, clues) ?? inScript(framework, flag, clues) ?? `pass ${flag}`}`;
}

/** The corrected command of the service, if the command starts the program directly. */
function inShell(framework: Framework, flag: string, { shell }: Clues): string | undefined {
  const changed = withFlag(framework, flag, shell);
  return changed && `"shell": ${JSON.stringify(changed)}`;
}

/** The correction if the command runs a package.json script. The script itself is changed only if it contains another port. */
function inScript(framework: Framework, flag: string, { shell, script }: Clues): string | undefined {
  if (!script) return undefined;
  const changed = withFlag(framework, flag, script.text);
  if (changed === undefined) return undefined;
  if (framework.given?.test(script.text)) return `in package.json "${script.script}": ${JSON.stringify(changed)}`;
  return `"shell": ${JSON.stringify(withArguments(shell, script, flag))}`;
}

/**
 * Undefined if the text does not contain the program, or if it is unclear which of several commands would get an appended
 * flag.
 */
function withFlag(framework: Framework, flag: string, text: string): string | undefined {
  const command = commandOf(framework, text);
  if (command === undefined) return undefined;
  const { given } = framework;
  if (given?.test(command)) return text.replace(command, () => command.replace(given, () => ` ${flag}`));
  return isOneCommand(text) ? `${text.trim()} ${flag}` : undefined;
}

function commandOf(framework: Framework, text: string): string | undefined {
  return commandsIn(text).find((command) => findFramework(command) === framework);
}
