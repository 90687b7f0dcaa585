import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Command, runCommand } from '../measure/time-command.ts';
import { waitUntil } from '../measure/wait-until.ts';
import type { Rounds } from './rounds.ts';

/** The bin as it is built. */
export const bin = fileURLToPath(new URL('../../apps/cli/bin/run.js', import.meta.url));
const killAttempts = 10;
const serverFile = fileURLToPath(new URL('../fixtures/server.mjs', import.meta.url));

/** A project and a state directory of its own. */
export interface Workspace {
  readonly projectDir: string;
  readonly stateDir: string;
  candle(args: readonly string[]): Command;
  /** Writes the project's `.candle.json` anew. */
  configure(config: object): void;
}

/** What the figures are measured on: everything below one temporary directory, nothing of the user's environment but PATH. */
export interface Workbench {
  readonly rounds: Rounds;
  /** What every command is compared to: the same Node, started and ended. */
  readonly bareNode: Command;
  /** A shell command, without Candle. */
  readonly shellCommand: (shell: string) => Command;
  /** The service that is started: as a process, as `.candle.json` has it, and what it answers over HTTP. */
  readonly server: { readonly command: Command; readonly shell: string; readonly answer: string };
  readonly openWorkspace: (name: string, config?: object) => Workspace;
  /** Stops what still runs and removes the directory. */
  close(): Promise<void>;
}

export function openWorkbench(rounds: Rounds): Workbench {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'candle-bench-')));
  const [home, tmp] = [join(root, 'home'), join(root, 'tmp')];
  for (const dir of [home, tmp]) mkdirSync(dir);
  const node = process.execPath;
  const env = { PATH: `${dirname(node)}:${process.env.PATH ?? ''}`, HOME: home, TMPDIR: tmp };
  const nodeCommand = (args: readonly string[]): Command => ({ file: node, args, cwd: root, env });
  const answer = basename(root);
  const workspaces: Workspace[] = [];

  return {
    rounds,
    bareNode: nodeCommand(['-e', '0']),
    shellCommand: (shell) => ({ file: '/bin/sh', args: ['-c', shell], cwd: root, env }),
    server: {
      command: nodeCommand([serverFile, answer]),
      shell: `'${node}' '${serverFile}' ${answer}`,
      answer,
    },
    openWorkspace: (name, config = {}) => {
      const [projectDir, stateDir] = [join(root, name), join(root, `${name}.state`)];
      mkdirSync(projectDir);
      const configure = (given: object) => writeFileSync(join(projectDir, '.candle.json'), JSON.stringify(given));
      configure(config);
      const workspace: Workspace = {
        projectDir,
        stateDir,
        configure,
        candle: (args) => ({
          ...nodeCommand([bin, ...args]),
          cwd: projectDir,
          env: { ...env, CANDLE_STATE_DIR: stateDir },
        }),
      };
      workspaces.push(workspace);
      return workspace;
    },
    close: async () => {
      for (const workspace of workspaces) await stopServices(workspace);
      // The supervisors leave by themselves; one whose directory vanished under it would complain.
      for (const { stateDir } of workspaces)
        await waitUntil('the supervisor has left', () => !existsSync(join(stateDir, 'supervisor.json')));
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** A build of the CLI may just be replacing it, so a kill that fails is tried again; a service must not stay behind. */
async function stopServices(workspace: Workspace): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await runCommand(workspace.candle(['kill']));
      return;
    } catch (error) {
      if (attempt === killAttempts) throw error;
      await sleep(1_000);
    }
  }
}
