import { connect } from 'node:net';
import type { Sandbox } from '@candle/test-kit';
import { expect } from 'vitest';
import { git } from '../test/init/projects.ts';
import type { Answer, Kind } from './kind.ts';

/** The command that each checkout gets, and nothing else. */
const up = ['up', '--yes', '--detach'];

/** A running service: it is still the same if its PID is. */
export interface Running {
  readonly pid: number;
  readonly port: number | null;
}

export interface Checkout {
  readonly dir: string;
  readonly services: Readonly<Record<string, Running>>;
}

/** Starts the services of a checkout, and checks that all are ready and that each answers on its reserved port. */
export async function bringUp(box: Sandbox, kind: Kind, dir: string, env: Environment): Promise<Checkout> {
  const { exitCode, stdout, stderr } = await box.candle(up, { cwd: dir, env });
  expect(exitCode, `${stdout}${stderr}`).toBe(0);
  return { dir, services: await runningIn(box, kind, dir) };
}

type Environment = Readonly<Record<string, string>>;

/** Checks what runs in a checkout, as `list` and the services themselves show it. */
export async function runningIn(box: Sandbox, kind: Kind, dir: string): Promise<Checkout['services']> {
  const { services } = await box.candleJson(['list'], { cwd: dir });
  const ports = Object.fromEntries(services.map(({ name, port }: { name: string; port: number }) => [name, port]));
  const explain = JSON.stringify(services, null, 2);
  expect(Object.keys(ports).toSorted(), explain).toEqual(Object.keys(kind.services).toSorted());
  for (const { name, running, ready, port, portCheck } of services) {
    const expected = kind.services[name];
    expect({ running, ready }, explain).toEqual({ running: true, ready: true });
    if (expected === 'worker') expect({ port, portCheck }, explain).toEqual({ port: null, portCheck: null });
    else expect(portCheck, explain).toMatchObject({ status: 'ok', listensOn: [port] });
    if (expected === 'socket') await connectTo(port);
    else if (typeof expected === 'object') await expectAnswer(expected, { dir, ports, port });
  }
  return Object.fromEntries(services.map(({ name, pid, port }: { name: string } & Running) => [name, { pid, port }]));
}

async function expectAnswer({ path, says }: Answer, asked: Parameters<Answer['says']>[0] & { port: number }) {
  const response = await fetch(`http://localhost:${asked.port}${path}`);
  const text = await response.text();
  expect({ status: response.status, text }).toEqual({ status: 200, text: expect.stringContaining(says(asked)) });
}

function connectTo(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, 'localhost', () => {
      socket.destroy();
      resolve();
    }).once('error', reject);
  });
}

/** The services that `up` wrote, with their commands, in the order of the file. */
export interface Written {
  readonly services: readonly WrittenService[];
  readonly setup?: string | { readonly run: string };
}

interface WrittenService {
  readonly name: string;
  readonly shell: string;
  readonly root?: string;
  readonly port: unknown;
}

/** Runs git in the sandbox's project, and returns what it prints. */
export async function gitOutput(box: Sandbox, ...args: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await git(box, ...args);
  expect(exitCode, stderr).toBe(0);
  return stdout;
}
