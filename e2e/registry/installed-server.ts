import { createReadStream } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import {
  type InstalledPackage,
  listInstalledPackages,
  packumentOf,
  tarballName,
  tarballOf,
} from './installed-packages.ts';
import { listen } from './listen.ts';

/**
 * Serves the packages that pnpm has installed for this repository as a registry does. Tests therefore need no network, use
 * the versions in the lockfile, and cannot fetch anything else.
 */
export async function startInstalledServer(): Promise<{ url: string; server: Server }> {
  const packages = listInstalledPackages();
  const server = createServer((request, response) => {
    answer(packages, url, decodeURIComponent(request.url ?? ''), response).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });
  const url = await listen(server);
  return { url, server };
}

async function answer(
  packages: ReadonlyMap<string, InstalledPackage[]>,
  url: string,
  path: string,
  response: ServerResponse,
): Promise<void> {
  const [name = '', file] = path.slice(1).split('/-/');
  const versions = packages.get(name) ?? [];
  const wanted = versions.find((installed) => tarballName(installed) === file);
  if (wanted !== undefined) {
    createReadStream(await tarballOf(wanted)).pipe(response.writeHead(200));
  } else if (file === undefined && versions.length > 0) {
    const packument = JSON.stringify(await packumentOf(versions, url));
    response.writeHead(200, { 'content-type': 'application/json' }).end(packument);
  } else {
    response
      .writeHead(404, { 'content-type': 'application/json' })
      .end('{"error":"not installed for this repository"}');
  }
}
