import { ConfigInvalidError } from '../src/config/config-errors.ts';
import type { ServiceConfig } from '../src/config/config-schema.ts';
import { parseConfig } from '../src/config/parse-config.ts';

const path = '/home/ada/shop/.candle.json';

/** Parses the services in the text of a configuration. */
export async function servicesIn(text: string): Promise<readonly ServiceConfig[]> {
  return (await parseConfig(path, text)).services;
}

/** Parses the only service of a configuration, with these fields in addition to its name and command. */
export async function serviceWith(fields: string): Promise<ServiceConfig> {
  const [service] = await servicesIn(`{"services": [{"name": "api", "shell": "run", ${fields}}]}`);
  if (service === undefined) throw new Error('No service was read');
  return service;
}

/** The problems of the text, as `line field: problem`. */
export async function problemsIn(text: string): Promise<string[]> {
  const error: unknown = await servicesIn(text).then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (!(error instanceof ConfigInvalidError)) throw new Error(`Not a ConfigInvalidError: ${String(error)}`);
  return error.problems.map(({ line, field, problem }) => `${line} ${field}: ${problem}`);
}

/** The problems of fields in line 3 of the configuration, as `line field: problem`, with the field relative to the service. */
export async function problemsWith(fields: string): Promise<string[]> {
  const problems = await problemsIn(`{"services": [{\n  "name": "api", "shell": "run",\n  ${fields}\n}]}`);
  return problems.map((problem) => problem.replace('services[0].', ''));
}
