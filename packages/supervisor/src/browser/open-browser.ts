import { browserUrlsOf, findUrl, readKnownServices, readNaming, resolveNames, serviceUrl } from '@candle/core/services';
import { list } from '../services/list.ts';
import { listPorts, type ServicePort } from '../services/list-ports.ts';
import type { Supervision, WaitClock } from '../supervision.ts';
import { closeInherited } from '../system/background-process.ts';
import {
  NoServiceListensError,
  ServiceNotListeningError,
  ServiceWithoutUrlError,
  SeveralServicesListenError,
} from './errors.ts';

export interface OpenBrowserInput {
  readonly projectDir: string;
  /** If omitted, the only service of the project that listens on a port. */
  readonly name?: string | undefined;
  /** Opens the service under its own host name instead of `localhost`. */
  readonly isNamed?: boolean | undefined;
}

export interface OpenedPage {
  readonly serviceName: string;
  readonly url: string;
  readonly opened: boolean;
  /** Why it was not opened. */
  readonly hindrance: 'noDisplay' | 'noBrowser' | null;
  /** The other ports of the service, if it does not listen on its reserved port. */
  readonly otherPorts: readonly number[];
}

/**
 * Opens a service in the user's browser.
 * @throws NoServiceListensError, SeveralServicesListenError, ServiceNotListeningError, ServiceWithoutUrlError
 */
export async function openBrowser(supervision: Supervision, input: OpenBrowserInput): Promise<OpenedPage> {
  const ports = await portsOfOne(supervision, input);
  const { port, serviceName, otherPorts } = choosePort(ports);
  const url = await urlToOpen(supervision, input, { port, serviceName });
  const hindrance = await tryToOpen(supervision, url);
  return { serviceName, url, opened: hindrance === null, hindrance, otherPorts };
}

/** @throws ServiceWithoutUrlError if the service cannot have a separate host name */
async function urlToOpen(
  supervision: Supervision,
  { projectDir, isNamed }: OpenBrowserInput,
  { port, serviceName }: Pick<ServicePort, 'port' | 'serviceName'>,
): Promise<string> {
  const { config } = await supervision.readConfig(projectDir);
  const reservations = await supervision.store.reservations.list(projectDir);
  const naming = await readNaming(supervision, { projectDir, config }, reservations);
  const found = findUrl(naming.services.find(({ name }) => name === serviceName) ?? { name: serviceName }, port);
  const url = found !== undefined && /^https?:/.test(found) ? found : serviceUrl(port);
  if (!isNamed) return url;
  const browserUrl = browserUrlsOf(naming)(serviceName, url);
  if (browserUrl !== undefined) return browserUrl;
  throw new ServiceWithoutUrlError({ name: serviceName, projectDir }, { url, isPortless: false });
}

async function tryToOpen({ callerEnv, waiting }: Supervision, url: string): Promise<OpenedPage['hindrance']> {
  if (!hasDisplay(process.platform, callerEnv)) return 'noDisplay';
  return (await openPage(url, waiting)) ? null : 'noBrowser';
}

/** The ports of the service to open; at least one. */
async function portsOfOne(
  supervision: Supervision,
  { projectDir, name }: OpenBrowserInput,
): Promise<readonly [ServicePort, ...ServicePort[]]> {
  const names = name === undefined ? [] : resolveNames(await readKnownServices(supervision, projectDir), [name]);
  const ports = await listPorts(supervision, { projectDir, names });
  const listening = [...new Set(ports.map(({ serviceName }) => serviceName))];
  if (listening.length > 1) throw new SeveralServicesListenError(projectDir, listening);
  const [first, ...others] = ports;
  if (first) return [first, ...others];
  if (name === undefined) throw new NoServiceListensError(projectDir);
  const isRunning = (await list(supervision, { projectDir, names })).services.some(({ isAlive }) => isAlive);
  throw new ServiceNotListeningError(name, projectDir, { isRunning });
}

/** Chooses the service's own reserved port, otherwise the lowest; a further port is rarely for people. Pure. */
export function choosePort(ports: readonly [ServicePort, ...ServicePort[]]): {
  readonly port: number;
  readonly serviceName: string;
  readonly otherPorts: readonly number[];
} {
  const pages = ports.filter(({ isOwn, isReserved }) => isOwn || !isReserved);
  const [lowest, ...others] = (pages.length === 0 ? ports : pages).toSorted((a, b) => a.port - b.port);
  const own = ports.find(({ isOwn }) => isOwn);
  const { port, serviceName } = own ?? lowest ?? ports[0];
  return { port, serviceName, otherPorts: own ? [] : others.map((one) => one.port) };
}

/** An opener that finds no browser fails within about 100 ms. One that runs longer is the browser itself. */
const failureTimeoutMs = 1_000;
const pollMs = 20;

/** Opens a page in the user's browser. Returns false if the system could not. */
async function openPage(url: string, waiting: WaitClock): Promise<boolean> {
  // Loaded on demand: only one command needs it.
  const { default: open } = await import('open');
  try {
    // The browser would otherwise keep file descriptors open that this process inherited from its caller.
    closeInherited();
    const opener = await open(url);
    const deadlineMs = waiting.nowMs() + failureTimeoutMs;
    while (opener.exitCode === null && opener.signalCode === null && waiting.nowMs() < deadlineMs) {
      await waiting.sleep(pollMs);
    }
    return opener.signalCode === null && (opener.exitCode ?? 0) === 0;
  } catch {
    return false; // there is no xdg-open
  }
}

/** Set by WSL in every shell. Pages open in the Windows browser, without a Linux display. */
const wslMarks = ['WSL_DISTRO_NAME', 'WSL_INTEROP'];
const displays = ['DISPLAY', 'WAYLAND_DISPLAY'];

/** Whether a web page can be shown to the user. Pure. */
export function hasDisplay(platform: NodeJS.Platform, env: Readonly<Record<string, string | undefined>>): boolean {
  if (platform === 'darwin') return true;
  return [...displays, ...wslMarks].some((name) => Boolean(env[name]));
}
