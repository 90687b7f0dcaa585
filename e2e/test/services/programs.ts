import { fileURLToPath } from 'node:url';
import type { Sandbox } from '@candle/test-kit';

/** The shell command that runs a program from ../fixtures. */
export function program(name: string, ...args: readonly (string | number)[]): string {
  const path = fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
  return [interpreters[name.slice(name.lastIndexOf('.'))] ?? 'node', path, ...args].map(quoted).join(' ');
}

const interpreters: Readonly<Record<string, string>> = { '.sh': 'sh', '.py': 'python3' };

/** The PIDs of the living processes of the sandbox that run the fixture. */
export function executing(box: Sandbox, name: string): number[] {
  return box
    .processes()
    .filter(({ command }) => command.includes(`/fixtures/${name}`) && !command.includes('/bin/run.js'))
    .map(({ pid }) => pid);
}

function quoted(word: string | number): string {
  return `'${String(word).replaceAll("'", "'\\''")}'`;
}
