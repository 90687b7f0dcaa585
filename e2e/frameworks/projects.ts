import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Sandbox } from '@candle/test-kit';

/** Installed copies of projects/. scripts/run-framework-tests.mjs makes them, because it has network access. */
const installed = process.env.FRAMEWORKS ?? '';

export function isInstalled(project: string): boolean {
  return installed !== '' && existsSync(join(installed, project));
}

/** Makes a project the sandbox's project. It is moved, because some projects have hundreds of megabytes. */
export function moveInto(box: Sandbox, project: string): void {
  rmSync(box.projectDir, { recursive: true });
  renameSync(join(installed, project), box.projectDir);
}
