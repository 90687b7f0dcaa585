import { findVariablePrefix, type WrittenConfig } from '@candle/core/config';
import { scriptCallIn } from '@candle/core/programs';
import type { Finding, ProposedService, WrittenService } from './proposal.ts';
import { parentOf } from './source.ts';

/**
 * The same finding with names that differ, also in the variables that other services get: `WEB_1_PORT` belongs to `web-1` and
 * to `web_1`. A service that is already configured gets its configured name; another one whose name is taken is named after
 * its directory too.
 */
export function withUniqueNames(finding: Finding, configured: WrittenConfig | undefined): Finding {
  const names = [...(configured?.services.map(({ name }) => name) ?? []), ...(configured?.ports ?? [])];
  const taken = new Set(['setup', ...names].map(keyOf));
  const take = (name: string, directory: string): string => {
    const parent = directory.split('/').findLast((segment) => segment !== name && segment !== '');
    const qualified = parent === undefined ? name : `${parent}-${name}`;
    const numbered = Array.from({ length: taken.size + 1 }, (_, at) => `${name}-${at + 2}`);
    const chosen = [name, qualified, ...numbered].find((option) => !taken.has(keyOf(option))) ?? name;
    taken.add(keyOf(chosen));
    return chosen;
  };
  const nameOf = new Map<ProposedService, string>();
  for (const proposed of finding.services) {
    const { service, from } = proposed;
    const existing = configured?.services.find((other) => isSameProgram(service, other))?.name;
    const port = configured?.ports.find((name) => name === service.name && service.stopCommand !== undefined);
    nameOf.set(proposed, existing ?? port ?? take(service.name, service.root ?? parentOf(from.file)));
  }
  const services = finding.services.map((proposed) => {
    const { dependsOn, ...service } = proposed.service;
    const renamed = dependsOn?.map((name) => {
      const other = finding.services.find((each) => each.service.name === name && isBeside(each, proposed));
      return (other && nameOf.get(other)) ?? name;
    });
    const name = nameOf.get(proposed) ?? service.name;
    return { ...proposed, service: { ...service, name, ...(renamed === undefined ? {} : { dependsOn: renamed }) } };
  });
  const ports = finding.ports.map((port) => ({
    ...port,
    name: names.includes(port.name) ? port.name : take(port.name, parentOf(port.from.file)),
  }));
  return { ...finding, services, ports };
}

/** Whether a configured service is the found one, even if its command got another flag or its name was changed. */
function isSameProgram(
  found: Pick<WrittenService, 'name' | 'shell' | 'root'>,
  configured: Pick<WrittenService, 'name' | 'shell' | 'root'>,
): boolean {
  if ((found.root ?? '') !== (configured.root ?? '').replace(/^\.\/?|\/$/g, '')) return false;
  if (found.name === configured.name || found.shell === configured.shell) return true;
  const script = scriptCallIn(found.shell)?.script;
  return script !== undefined && script === scriptCallIn(configured.shell)?.script;
}

/** Dependencies are services of the same file. */
function isBeside(one: ProposedService, other: ProposedService): boolean {
  return parentOf(one.from.file) === parentOf(other.from.file);
}

function keyOf(name: string): string {
  return findVariablePrefix(name) ?? name;
}
