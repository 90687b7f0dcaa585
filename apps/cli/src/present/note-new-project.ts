import type { PortClaim, Project } from '@candle/core';

/** Reports, once, which directory became a project without having been given explicitly. */
export function noteNewProject(project: Project, claim: PortClaim, note: (text: string) => void): void {
  if (project.foundBy === 'new' && claim.isNewProject) {
    note(`New project: ${project.dir} (no .candle.json there; candle setup-project makes one)`);
  }
}
