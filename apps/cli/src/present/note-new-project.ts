import type { PortClaim, Project } from '@candle/core';

/** Says, once, which directory became a project without anybody having named it. */
export function noteNewProject(project: Project, claim: PortClaim, note: (text: string) => void): void {
  if (project.foundBy === 'new' && claim.isNewProject) {
    note(`New project: ${project.dir} (no .candle.json there; candle setup-project makes one)`);
  }
}
