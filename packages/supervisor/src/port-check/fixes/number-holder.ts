import { relative } from 'node:path';
import { printable } from '@candle/core/errors';
import { type EnvFileVariables, lineOfVariable, type ServiceDefinition } from '@candle/core/services';
import type { CommandClues } from './framework-fix.ts';

/** A variable that contains the number of a port, and where it is set. */
export interface NumberHolder {
  readonly variable: string;
  readonly port: number;
  /** As in "API_PORT is 3000 in …". */
  readonly place: string;
}

/** Where the number of a port may come from. */
export interface NumberSources {
  readonly projectDir: string;
  /** The dotenv files of the service, then those that its program may read itself. Those that win come first. */
  readonly files: readonly EnvFileVariables[];
  /** The configured variables. */
  readonly env: ServiceDefinition['env'];
  readonly commands: readonly { readonly text: string; readonly place: string }[];
  /** The environment with which it was started. */
  readonly started: Readonly<Record<string, string>>;
}

/** Finds the variable for a port that contains one of the numbers. Pure. */
export function findNumberHolder(ports: readonly number[], sources: NumberSources): NumberHolder | undefined {
  for (const port of ports) {
    const found = listSettings(sources, String(port)).find(({ variable }) => /port/i.test(variable));
    if (found !== undefined) return { ...found, port };
  }
  return undefined;
}

/** The number is in a variable, which can get the reserved port instead. Pure. */
export function adviseOnHolder(
  { variable, port, place }: NumberHolder,
  { variables, definition }: Pick<CommandClues, 'variables' | 'definition'>,
): string {
  const found = `${variable} is ${port} in ${printable(place)}`;
  if (variables.includes(variable)) return `${found}, which its program prefers to its environment: remove that`;
  if (definition?.isTransient !== false) return `${found}: write ${variable}=$PORT before its command`;
  const portEnv = variables.includes('PORT') ? ['PORT', variable] : variable;
  return `${found}: "portEnv": ${JSON.stringify(portEnv).replace(',', ', ')}`;
}

type Setting = Omit<NumberHolder, 'port'>;

function listSettings({ projectDir, files, env, commands, started }: NumberSources, value: string): readonly Setting[] {
  const inCommands = commands.flatMap(({ text, place }) =>
    [...text.matchAll(/(?<![\w$-])([A-Za-z_]\w*)=["']?(\d+)["']?(?![\w.:/-])/g)]
      .filter(([, , number]) => number === value)
      .map(([, variable = '']) => ({ variable, place })),
  );
  const inFiles = files.flatMap((file) =>
    namesWith(file.variables, value).map((variable) => ({ variable, place: placeOf(file, variable, projectDir) })),
  );
  const inEnv = namesWith(env, value).map((variable) => ({ variable, place: '"env" in .candle.json' }));
  const inShell = namesWith(started, value).map((variable) => ({ variable, place: 'the shell that started it' }));
  return [...inCommands, ...inEnv, ...inFiles, ...inShell];
}

function namesWith(variables: Readonly<Record<string, string>>, value: string): readonly string[] {
  return Object.keys(variables).filter((name) => variables[name] === value);
}

function placeOf(file: EnvFileVariables, variable: string, projectDir: string): string {
  const path = file.path.startsWith(`${projectDir}/`) ? relative(projectDir, file.path) : file.path;
  const line = lineOfVariable(file, variable);
  return line === undefined ? path : `line ${line} of ${path}`;
}
