import { findVariablePrefix } from '@candle/core/config';
import type { LocalAddress } from './local-addresses.ts';
import type { Note } from './proposal.ts';

/** A service, as far as it matters for the addresses in other files. */
export interface AddressedService {
  readonly name: string;
  /** What templates call it: `services.api`, or `ports.db` for a program that Candle does not start. */
  readonly reference: string;
  /** Where its files are, relative to the project. */
  readonly directories: readonly string[];
  /** The port that other files of the project expect it to listen on. */
  readonly expectedPort: number | undefined;
  /** The port that it listens on now; undefined if it is another one in each checkout. */
  readonly port: number | undefined;
  /** The variables that its configuration sets. */
  readonly variables: ReadonlySet<string>;
  /** The variable in which other services get its port. */
  readonly portVariable: string;
  /** Whether other services get its URL. */
  readonly hasUrl: boolean;
}

/** A local address in a file, and the service that it no longer leads to. */
export interface FixedAddress extends LocalAddress {
  readonly service: AddressedService;
}

/** The addresses that lead to the usual port of a service which now has another one. Pure. */
export function findFixedAddresses(
  addresses: readonly LocalAddress[],
  services: readonly AddressedService[],
): readonly FixedAddress[] {
  const moved = services.filter(({ expectedPort, port }) => expectedPort !== undefined && expectedPort !== port);
  return addresses.flatMap((address) => {
    const service = chooseService(moved, address);
    if (service === undefined || (address.assignment === undefined && readsVariableOf(service, address.line)))
      return [];
    return [{ ...address, service }];
  });
}

/** The directories whose files can contain addresses of these services. */
export function directoriesOf(services: readonly AddressedService[]): readonly string[] {
  return [...new Set(['', ...services.flatMap(({ directories }) => directories)])];
}

/** Whether the address is only the default for a variable that Candle sets. */
function readsVariableOf({ name }: AddressedService, line: string): boolean {
  const prefix = findVariablePrefix(name);
  return prefix !== undefined && new RegExp(`\\b${prefix}_(?:URL|PORT)\\b`).test(line);
}

/** Two services can have the same usual port. The one that the file belongs to is rarely meant by a proxy. */
function chooseService(
  services: readonly AddressedService[],
  { port, directory }: LocalAddress,
): AddressedService | undefined {
  const matching = services.filter(({ expectedPort }) => expectedPort === port);
  const own = matching.filter(({ directories }) => directories.includes(directory));
  return matching.length === 1 ? matching[0] : own.length === 1 ? own[0] : undefined;
}

/** What to write instead of addresses, one note for each line. Those that the configuration already replaces are omitted. */
export function adviseOnAddresses(
  found: readonly FixedAddress[],
  readers: readonly AddressedService[],
): readonly Note[] {
  const isReplaced = ({ assignment }: FixedAddress) =>
    assignment !== undefined && readers.some(({ variables }) => variables.has(assignment.variable));
  const lines = Map.groupBy(found, ({ place }) => `${place.file}:${place.line}`);
  return [...lines.values()].flatMap((line) => {
    const [fixed] = line;
    if (fixed === undefined || isReplaced(fixed)) return [];
    const { place, address, service } = fixed;
    const now = service.port === undefined ? 'whose port differs in each checkout' : `which has port ${service.port}`;
    const text = `${withoutLogin(address)} was the address of '${service.name}', ${now}; ${instead(fixed, line)}`;
    return [{ place, text }];
  });
}

/** Logins do not belong in messages. */
function withoutLogin(text: string): string {
  return text.replace(/:\/\/[^@/]*@/, '://');
}

/** @param line all addresses in the line */
function instead(
  { place: { file }, assignment, address, port, service, line: text }: FixedAddress,
  line: readonly FixedAddress[],
): string {
  const { name, reference, hasUrl, portVariable } = service;
  const url = `${findVariablePrefix(name) ?? 'SERVICE'}_URL`;
  const variable = hasUrl ? url : portVariable;
  if (assignment !== undefined) {
    if (assignment.variable === url && assignment.value === address && hasUrl)
      return `remove this line, because Candle sets ${url}`;
    const { value } = assignment;
    const env = (template: string) => `"env": { "${assignment.variable}": ${JSON.stringify(template)} }`;
    if (!/[@$]/.test(value)) return `write ${env(withReservedPorts(value, line))} in the service that reads it`;
    const byUrl = env(`\${${reference}.url}`);
    if (hasUrl) return `write ${byUrl} in the service that reads it`;
    const withPort = JSON.stringify(replacePort(withoutLogin(value.includes('$') ? address : value), port, '${port}'));
    return `add "url": ${withPort} with its login to '${name}', and ${byUrl} to the service that reads it`;
  }
  if (/(?:^|\/)package\.json$/.test(file))
    return /^\s*"proxy"|[{,]\s*"proxy"/.test(text)
      ? `remove "proxy", and write process.env.${variable} in src/setupProxy.js`
      : `write $${variable} instead`;
  if (file.endsWith('.json')) return `write process.env.${variable} in a file proxy.conf.mjs instead of this one`;
  return hasUrl ? `write process.env.${url}` : `write its port as process.env.${portVariable}`;
}

function withReservedPorts(value: string, found: readonly FixedAddress[]): string {
  return found.reduce(
    (text, { port, service: { name } }) => replacePort(text, port, `\${services.${name}.port}`),
    value,
  );
}

/** A text with another port in the local addresses that have this one. */
export function replacePort(text: string, port: number, replacement: string): string {
  const addressed = new RegExp(`(?<=(?:localhost|127\\.0\\.0\\.1|0\\.0\\.0\\.0|\\[::1\\]):)${port}\\b`, 'g');
  return text.replaceAll(addressed, () => replacement);
}

/** The variable in which other services get the port of a service. */
export function portVariableOf(name: string): string {
  return `${findVariablePrefix(name) ?? 'SERVICE'}_PORT`;
}
