import { parseServiceName } from '@candle/core/config';
import { mayBePortOf, ownerOfPort } from '@candle/core/ports';
import {
  browserUrlsOf,
  findOtherProtocol,
  findUrl,
  type KnownServices,
  readKnownServices,
  readNaming,
  type ServiceKey,
  UnknownServiceError,
} from '@candle/core/services';
import type { UrlsDocument } from '@candle/documents';
import { ServiceWithoutUrlError } from '../browser/errors.ts';
import { portsByName } from '../launch/service-environment.ts';
import type { Supervision } from '../supervision.ts';
import { list } from './list.ts';

export interface UrlInput {
  readonly projectDir: string;
  /** A service, or another name with a reserved port. If omitted, all that have a URL. */
  readonly name?: string | undefined;
  /** Only those with a URL for browsers. */
  readonly isNamed?: boolean | undefined;
}

export interface ServiceUrl extends ServiceKey {
  readonly url: string;
  /** With a separate host name; undefined unless `url` contains `localhost`. */
  readonly browserUrl: string | undefined;
}

/**
 * The URLs of services, of the entries of `ports`, and of other names with a reserved port. A service that is not running has
 * the URL of its reserved port.
 * @throws UnknownServiceError, ServiceWithoutUrlError only with a name
 */
export async function url(
  supervision: Supervision,
  { projectDir, name, isNamed = false }: UrlInput,
): Promise<readonly ServiceUrl[]> {
  const known = await readKnownServices(supervision, projectDir);
  const isService = name === undefined || known.listed.includes(name);
  const names = name === undefined ? [] : [name];
  const services = isService ? (await list(supervision, { projectDir, names })).services : [];
  const reservations = await supervision.store.reservations.list(projectDir);
  const reserved = portsByName(reservations);
  const naming = await readNaming(supervision, known, reservations);
  const findBrowserUrl = browserUrlsOf(naming);
  const listed = new Set(services.map((one) => one.name));
  const unlisted = [...reserved.keys()].filter((one) => !listed.has(one));
  const others = listOthers(known, unlisted).map((other) => {
    const found = findUrl(naming.ports.find((one) => one.name === other) ?? { name: other }, reserved.get(other));
    return { name: other, projectDir, url: found, browserUrl: findBrowserUrl(other, found) };
  });
  const addressed = [...services, ...others];
  if (name !== undefined) requireName(known, name, addressed);
  const found = addressed.flatMap((one) => {
    const isWanted = (name ?? one.name) === one.name && (!isNamed || one.browserUrl !== undefined);
    return isWanted && one.url !== undefined ? [{ ...one, url: one.url }] : [];
  });
  if (name === undefined || found.length > 0) return found;
  const { url: local } = addressed.find((one) => one.name === name) ?? {};
  const isPortless = known.config?.services.find((one) => one.name === name)?.port === null;
  const configured = [...naming.services, ...naming.ports].find((one) => one.name === name);
  const otherProtocol = configured?.url === undefined ? findOtherProtocol(configured ?? { name }) : undefined;
  const address = { url: local, isPortless, otherProtocol };
  throw new ServiceWithoutUrlError({ name, projectDir }, address);
}

/** The entries of `ports`, then the names that have only a reservation. */
function listOthers({ config, names }: KnownServices, reserved: readonly string[]): readonly string[] {
  const entries = config?.ports.map(({ name }) => name) ?? [];
  const services = config?.services.map(({ name }) => name) ?? names;
  const unconfigured = reserved.filter(
    (name) =>
      ownerOfPort(config, name) === name && !services.some((service) => service !== name && mayBePortOf(service, name)),
  );
  return [...entries, ...unconfigured];
}

/** @throws InvalidServiceNameError, UnknownServiceError */
function requireName(
  { listed, projectDir, configError }: KnownServices,
  name: string,
  addressed: readonly { readonly name: string }[],
): void {
  parseServiceName(name);
  const all = [...new Set([...listed, ...addressed.map((one) => one.name)])];
  if (!all.includes(name))
    throw new UnknownServiceError(name, projectDir, all, { configIsBroken: configError !== undefined });
}

/** URLs, as `--json` and MCP report them. */
export function urlsDocument(urls: readonly ServiceUrl[]): UrlsDocument {
  return {
    urls: urls.map(({ name, projectDir, url: found, browserUrl = null }) => ({
      name,
      projectDir,
      url: found,
      browserUrl,
    })),
  };
}
