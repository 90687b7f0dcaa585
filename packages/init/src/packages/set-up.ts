import type { DatedFiles, ProjectFiles } from '../project-files.ts';
import type { WrittenSetup } from '../proposal.ts';
import { inDirectory, type Package } from './package-json.ts';
import { installCommand } from './package-manager.ts';
import { quoted } from './shell-line.ts';
import type { Workspace } from './workspace.ts';

/** Files that a package manager writes when it has finished. */
const markers = [
  'node_modules/.package-lock.json',
  'node_modules/.modules.yaml',
  'node_modules/.yarn-state.yml',
  'node_modules/.yarn-integrity',
  '.yarn/install-state.gz',
  '.pnp.cjs',
];

/** A package manager may write its lockfile after the packages. */
const lockfileLastMs = 10_000;

/**
 * The packages that have to be installed so that the given ones can run: the root for itself and its workspaces, and all
 * others that have dependencies.
 */
export function installRoots(workspace: Workspace, used: readonly Package[]): readonly Package[] {
  const { root, members } = workspace;
  const needsRoot = root !== undefined && (used.includes(root) || used.some((each) => members.has(each)));
  const others = used.filter((each) => !members.has(each) && each.dependencies.size > 0);
  const hasSomething = root !== undefined && (root.dependencies.size > 0 || members.size > 1);
  return [...(needsRoot && hasSomething ? [root] : []), ...new Set(others)];
}

/** The command that installs the dependencies of these packages; undefined if there is nothing to install. */
export function setUpOf(workspace: Workspace, roots: readonly Package[]): WrittenSetup | undefined {
  if (roots.length === 0) return undefined;
  const steps = roots.map((each) => {
    const install = installCommand(workspace.managerOf(each));
    if (each.directory === '') return install;
    // The parentheses are needed only if another step follows.
    return roots.length === 1
      ? `cd ${quoted(each.directory)} && ${install}`
      : `(cd ${quoted(each.directory)} && ${install})`;
  });
  const inputs = roots.map((each) => workspace.managerOf(each).lockfile ?? each.file);
  return { run: steps.join(' && '), inputs };
}

/**
 * Whether the dependencies of these packages are installed, as far as files show it: all direct ones exist, and no lockfile
 * is newer than the last installation.
 */
export function isInstalled(files: DatedFiles, workspace: Workspace, roots: readonly Package[]): boolean {
  return roots.every((root) => {
    const installed = markers.map((marker) => files.modifiedMs(inDirectory(root.directory, marker)));
    const times = installed.filter((time) => time !== undefined);
    const input = files.modifiedMs(workspace.managerOf(root).lockfile ?? root.file) ?? 0;
    // bun leaves no marker behind, so that only the packages themselves count.
    const modules = files.modifiedMs(inDirectory(root.directory, 'node_modules'));
    const last = Math.max(...times, times.length === 0 ? (modules ?? 0) : 0);
    if (last + lockfileLastMs < input || (times.length === 0 && modules === undefined)) return false;
    if (files.kindOf(inDirectory(root.directory, '.pnp.cjs')) === 'file') return true;
    const members = root.directory === '' ? [...workspace.members] : [root];
    return members.every((each) => hasDependencies(files, root, each));
  });
}

function hasDependencies(files: ProjectFiles, root: Package, { directory, required }: Package): boolean {
  return [...required].every((name) =>
    [directory, root.directory].some(
      (where) => files.kindOf(inDirectory(where, `node_modules/${name}`)) === 'directory',
    ),
  );
}
