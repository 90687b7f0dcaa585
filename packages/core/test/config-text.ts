import { ConfigInvalidError } from '../src/services/config/config-errors.ts';
import { parseConfig } from '../src/services/config/parse-config.ts';
import type { ServiceConfig } from '../src/services/config/service-config.ts';

const path = '/home/ada/shop/.candle.json';

/** The services of a config's text. */
export async function servicesIn(text: string): Promise<readonly ServiceConfig[]> {
  return (await parseConfig(path, text)).services;
}

/** The one service of a config, with these fields besides its name and command. */
export async function serviceWith(fields: string): Promise<ServiceConfig> {
  const [service] = await servicesIn(`{"services": [{"name": "api", "shell": "run", ${fields}}]}`);
  if (service === undefined) throw new Error('No service was read');
  return service;
}

/** What is wrong with the text, as `line field: problem`. */
export async function problemsIn(text: string): Promise<string[]> {
  const error: unknown = await servicesIn(text).then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (!(error instanceof ConfigInvalidError)) throw new Error(`Not a ConfigInvalidError: ${String(error)}`);
  return error.problems.map(({ line, field, problem }) => `${line} ${field}: ${problem}`);
}

/** What is wrong with fields that stand in line 3 of the config, as `line field: problem`; the field within the service. */
export async function problemsWith(fields: string): Promise<string[]> {
  const problems = await problemsIn(`{"services": [{\n  "name": "api", "shell": "run",\n  ${fields}\n}]}`);
  return problems.map((problem) => problem.replace('services[0].', ''));
}
