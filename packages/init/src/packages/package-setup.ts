import type { WrittenSetup } from '../proposal.ts';
import { quoteWord } from '../source.ts';
import type { Package } from './package-json.ts';
import { installCommand } from './package-manager.ts';
import type { Workspace } from './workspace.ts';

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
export function packageSetupOf(workspace: Workspace, roots: readonly Package[]): WrittenSetup | undefined {
  if (roots.length === 0) return undefined;
  const steps = roots.map((each) => {
    const install = installCommand(workspace.managerOf(each));
    if (each.directory === '') return install;
    // The parentheses are needed only if another step follows.
    return roots.length === 1
      ? `cd ${quoteWord(each.directory)} && ${install}`
      : `(cd ${quoteWord(each.directory)} && ${install})`;
  });
  const inputs = roots.map((each) => workspace.managerOf(each).lockfile ?? each.file);
  return { run: steps.join(' && '), inputs };
}
