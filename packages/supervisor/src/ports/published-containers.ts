import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Supervision } from '../supervision.ts';
import { runTool } from '../tools/run-tool.ts';
import type { PublishedContainer } from './port-report.ts';

/** Docker usually answers within 50 ms. Do not wait for a daemon that hangs. */
const answerTimeoutMs = 700;

/**
 * Finds the Docker containers that publish a TCP port of this machine. Empty if Docker is not installed or does not answer in
 * time.
 */
export async function findPublishedContainers(
  { callerEnv }: Pick<Supervision, 'callerEnv'>,
  port: number,
): Promise<readonly PublishedContainer[]> {
  const file = isRemote(callerEnv.DOCKER_HOST) ? undefined : findProgram('docker', callerEnv.PATH);
  if (file === undefined) return [];
  try {
    const args = ['ps', '--filter', `publish=${port}`, '--format', '{{json .}}'];
    const { stdout, exitCode } = await runTool({ file, args, cwd: '/', env: callerEnv, timeoutMs: answerTimeoutMs });
    return exitCode === 0 ? containersIn(stdout, port) : [];
  } catch {
    return [];
  }
}

/** Containers of another machine do not publish ports of this one. */
function isRemote(dockerHost = ''): boolean {
  return dockerHost !== '' && !/^(unix:|fd:|tcp:\/\/(localhost|127\.[\d.]+|\[::1\])(:|$))/.test(dockerHost);
}

function findProgram(name: string, path = ''): string | undefined {
  return path
    .split(delimiter)
    .filter((dir) => dir.startsWith('/'))
    .map((dir) => join(dir, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return statSync(file).isFile();
      } catch {
        return false;
      }
    });
}

/**
 * Parses one container per line, as JSON. Docker before 20.10 filters by the container's own port, so the published ports are
 * compared here.
 */
export function containersIn(text: string, port: number): readonly PublishedContainer[] {
  return text.split('\n').flatMap((line) => {
    const container = parseContainer(line);
    return container !== undefined && publishes(container.ports, port)
      ? [{ name: container.name, image: container.image }]
      : [];
  });
}

function parseContainer(line: string): { name: string; image: string; ports: string } | undefined {
  try {
    const { Names: name, Image: image, Ports: ports }: Record<string, unknown> = Object(JSON.parse(line));
    const isComplete = typeof name === 'string' && typeof image === 'string' && typeof ports === 'string';
    return isComplete && name !== '' ? { name, image, ports } : undefined;
  } catch {
    return undefined;
  }
}

/** `0.0.0.0:4000->80/tcp, [::]:4000->80/tcp, 0.0.0.0:8000-8010->8000-8010/tcp` */
function publishes(ports: string, port: number): boolean {
  return [...ports.matchAll(/:(\d+)(?:-(\d+))?->[\d-]+\/tcp/g)].some(
    ([, first, last = first]) => port >= Number(first) && port <= Number(last),
  );
}
