import { findDefaultPort } from './default-port.ts';
import { type AddressedService, adviseOnAddress, findFixedAddresses } from './fixed-addresses.ts';
import { findWorkspace } from './packages/workspace.ts';
import { type ProjectFiles, projectFiles } from './project-files.ts';
import type { Note } from './proposal.ts';

/** A configured service, and the port that it has now. */
export interface RunningService {
  readonly name: string;
  readonly shell: string;
  /** Relative to the project. */
  readonly root?: string | undefined;
  readonly env: Readonly<Record<string, string>>;
  readonly port: number | null;
}

/** The addresses in the files of a project that no longer lead to its services. Reads a few files of each service. */
export function findProjectAddresses(projectDir: string, services: readonly RunningService[]): readonly Note[] {
  const files = projectFiles(projectDir);
  const addressed = services.map(({ name, shell, root = '', env, port }): AddressedService => {
    const directory = root === '' ? packageDirectory(files, shell) : root;
    return {
      name,
      directories: [...new Set([root, directory])],
      expectedPort: port === null ? undefined : findDefaultPort(files, { shell, root: directory }),
      port: port ?? undefined,
      variables: new Set(Object.keys(env)),
    };
  });
  return findFixedAddresses(files, addressed).flatMap((address) => adviseOnAddress(address, addressed) ?? []);
}

/** The directory of the package that `turbo run dev --filter=NAME` starts; the project directory for everything else. */
function packageDirectory(files: ProjectFiles, shell: string): string {
  const name = /\bturbo\b.*\s--filter=["']?([^\s"']+)/.exec(shell)?.[1];
  if (name === undefined) return '';
  return findWorkspace(files).packages.find((each) => each.name === name)?.directory ?? '';
}
