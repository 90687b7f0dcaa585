import { readFileSync, readlinkSync } from 'node:fs';

/** What a process passes on to its children and cannot be given back by another: by whom and where a run was started. */
export interface ProcessContext {
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
  readonly umask: number;
  /** How many files it may have open; null where nobody tells. */
  readonly openFiles: number | null;
  /** Name and identity of each namespace of Linux; empty elsewhere. */
  readonly namespaces: Readonly<Record<string, string>>;
}

/** Those that change what a service sees or may do. */
const namespaceNames = ['mnt', 'net', 'pid', 'user', 'ipc', 'uts', 'cgroup'] as const;

/** Of the calling process. */
export function readContext(): ProcessContext {
  return {
    uid: process.geteuid?.() ?? 0,
    gid: process.getegid?.() ?? 0,
    groups: (process.getgroups?.() ?? []).toSorted((a, b) => a - b),
    umask: process.umask(),
    openFiles: readOpenFiles(),
    namespaces: Object.fromEntries(namespaceNames.flatMap(namespaceOf)),
  };
}

/** The hard limit. Node raises its own soft limit to it at its start, so that is what its children have. */
export function readOpenFiles(): number | null {
  try {
    const limit = /^Max open files +\S+ +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    return limit === undefined ? null : Number(limit);
  } catch {
    return null;
  }
}

function namespaceOf(name: string): [string, string][] {
  try {
    return [[name, readlinkSync(`/proc/self/ns/${name}`)]];
  } catch {
    return [];
  }
}

/**
 * Why a process of `here` cannot start what was started in `there`; undefined when it can. The umask is no reason: it can
 * be set; and so can a limit, but only root can raise it. Pure.
 */
export function findContextProblem(here: ProcessContext, there: ProcessContext): string | undefined {
  if (here.uid !== there.uid || here.gid !== there.gid) {
    return `it was started as user ${there.uid}, group ${there.gid}, and the supervisor is ${here.uid}, ${here.gid}`;
  }
  if (String(here.groups) !== String(there.groups)) return 'it was started with other groups than the supervisor has';
  if (here.uid !== 0 && here.openFiles !== null && (there.openFiles ?? 0) > here.openFiles) {
    return `it may have ${there.openFiles} files open, and the supervisor only ${here.openFiles}`;
  }
  const other = Object.entries(there.namespaces).find(([name, identity]) => here.namespaces[name] !== identity);
  return other && `it was started in another namespace (${other[0]}) than the supervisor is in`;
}
