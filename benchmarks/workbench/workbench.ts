import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Command, runCommand } from '../measure/time-command.ts';
import { waitUntil } from '../measure/wait-until.ts';
import type { Rounds } from './rounds.ts';

/** Path of the built CLI. */
export const bin = fileURLToPath(new URL('../../apps/cli/bin/run.js', import.meta.url));
const killAttempts = 10;
const serverFile = fileURLToPath(new URL('../fixtures/server.mjs', import.meta.url));

/** A project with its own state directory. */
export interface Workspace {
  readonly projectDir: string;
  readonly stateDir: string;
  candle(args: readonly string[]): Command;
  /** Overwrites the project's `.candle.json`. */
  configure(config: object): void;
}

/**
 * The environment for all figures: everything is below one temporary directory, and of the user's environment only PATH
 * is used.
 */
export interface Workbench {
  readonly rounds: Rounds;
  /** The baseline for commands: the same Node, which starts and exits. */
  readonly bareNode: Command;
  /** Runs a shell command without Candle. */
  readonly shellCommand: (shell: string) => Command;
  /** The HTTP server used as a service: as a process, as `shell` in `.candle.json`, and its response. */
  readonly server: { readonly command: Command; readonly shell: string; readonly answer: string };
  readonly openWorkspace: (name: string, config?: object) => Workspace;
  /** Stops everything that is still running and removes the directory. */
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
      const configure = (content: object) => writeFileSync(join(projectDir, '.candle.json'), JSON.stringify(content));
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
      // Supervisors exit by themselves. A supervisor whose directory is removed first would report an error.
      for (const { stateDir } of workspaces)
        await waitUntil('the supervisor has exited', () => !existsSync(join(stateDir, 'supervisor.json')));
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/**
 * Retries failed kills, because a build may be replacing the CLI at the same time, and no service may be left running.
 */
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
