import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Sandbox } from '@candle/test-kit';

/** Copies of projects/, installed; made by scripts/run-framework-tests.mjs, which has the network for it. */
const installed = process.env.FRAMEWORKS ?? '';

export function isInstalled(project: string): boolean {
  return installed !== '' && existsSync(join(installed, project));
}

/** The project of the sandbox from now on. Moved, not copied: some are hundreds of megabytes. */
export function moveInto(box: Sandbox, project: string): void {
  rmSync(box.projectDir, { recursive: true });
  renameSync(join(installed, project), box.projectDir);
}
