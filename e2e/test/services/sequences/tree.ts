import { readdirSync, readFileSync } from 'node:fs';

/** The living processes of a service, according to the kernel. */
export interface Tree {
  readonly shim: readonly number[];
  readonly shell: readonly number[];
  readonly program: readonly number[];
}

/** Finds the processes by the project and the service in their environment. Zombies do not count. */
export function treeOf(projectDir: string, name: string): Tree {
  const tree = { shim: [] as number[], shell: [] as number[], program: [] as number[] };
  for (const pid of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const role = roleOf(pid, projectDir, name);
    if (role) tree[role].push(Number(pid));
  }
  return tree;
}

function roleOf(pid: string, projectDir: string, name: string): keyof Tree | undefined {
  try {
    const environment = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
    if (!environment.includes(`CANDLE_PROJECT=${projectDir}`)) return undefined;
    if (!environment.includes(`CANDLE_SERVICE=${name}`)) return undefined;
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    if (/^\d+ \(.*\) [ZX]/s.test(readFileSync(`/proc/${pid}/stat`, 'latin1'))) return undefined;
    if (words.some((word) => word.endsWith('/shim.sh'))) return 'shim';
    return words.some((word) => word.endsWith('/command')) ? 'shell' : 'program';
  } catch {
    return undefined; // The process has ended.
  }
}

export function groupOf(pid: number): number {
  const [, , , , group] = readFileSync(`/proc/${pid}/stat`, 'latin1')
    .replace(/\(.*\)/s, '()')
    .split(' ');
  return Number(group);
}
