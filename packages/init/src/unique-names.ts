import { findVariablePrefix } from '@candle/core/config';
import type { Finding, ProposedService } from './proposal.ts';
import { directoryOf } from './source.ts';

/**
 * The same finding with names that differ, also in the variables that other services get: `WEB_1_PORT` belongs to `web-1` and
 * to `web_1`. A service that comes later is named after its directory too.
 */
export function withUniqueNames(finding: Finding): Finding {
  const taken = new Set<string>(['SETUP']);
  const take = (name: string, directory: string): string => {
    const parent = directory.split('/').findLast((segment) => segment !== name && segment !== '');
    const qualified = parent === undefined ? name : `${parent}-${name}`;
    const numbered = Array.from({ length: taken.size + 1 }, (_, at) => `${name}-${at + 2}`);
    const chosen = [name, qualified, ...numbered].find((option) => !taken.has(keyOf(option))) ?? name;
    taken.add(keyOf(chosen));
    return chosen;
  };
  const renamed = new Map<ProposedService, string>();
  for (const proposed of finding.services) {
    renamed.set(proposed, take(proposed.service.name, proposed.service.root ?? directoryOf(proposed.from.file)));
  }
  const services = finding.services.map((proposed) => {
    const { service, from } = proposed;
    const nameOf = (dependency: string) => {
      const other = finding.services.find((each) => each.service.name === dependency && isBeside(each, proposed));
      return other === undefined ? dependency : (renamed.get(other) ?? dependency);
    };
    const dependsOn = service.dependsOn?.map(nameOf);
    const name = renamed.get(proposed) ?? service.name;
    return { ...proposed, from, service: { ...service, name, ...(dependsOn === undefined ? {} : { dependsOn }) } };
  });
  const ports = finding.ports.map((port) => ({ ...port, name: take(port.name, directoryOf(port.from.file)) }));
  return { ...finding, services, ports };
}

/** Dependencies are services of the same file. */
function isBeside(one: ProposedService, other: ProposedService): boolean {
  return directoryOf(one.from.file) === directoryOf(other.from.file);
}

function keyOf(name: string): string {
  return findVariablePrefix(name) ?? name;
}
