import { shellWord } from '../config/shell-word.ts';
import { quote, showPath } from '../errors/quote.ts';
import type { Reservation } from '../reservations/reservation.ts';
import type { PortClaim } from './claim-port.ts';
import type { PortObstacle } from './port-obstacle.ts';

/** Says why the preferred port was not assigned, and which port was; undefined if there is no fallback. */
export function describeFallback({ reservation, fallback }: PortClaim): string | undefined {
  if (fallback === undefined) return undefined;
  const { port, projectDir, serviceName } = reservation;
  const { reason } = describeObstacle(fallback.port, fallback, projectDir);
  const more = fallback.by === 'listener' ? ` (candle who-has ${fallback.port})` : '';
  const given = serviceName === null ? 'the project' : quote(serviceName);
  return `Port ${fallback.port} is not available: ${reason}${more}; ${given} has port ${port} instead`;
}

/** Why a port is not available, as part of a sentence, and what to do next. Worded for a user in `projectDir`. */
export function describeObstacle(
  port: number,
  obstacle: PortObstacle,
  projectDir: string,
): { reason: string; hint: string } {
  switch (obstacle.by) {
    case 'reserved': {
      const { reservation } = obstacle;
      const projectFlag =
        reservation.projectDir === projectDir ? '' : ` --project ${shellWord(reservation.projectDir)}`;
      return {
        reason: `it is reserved for ${describeOwner(reservation, projectDir)}`,
        hint: `To release it: candle release-ports --port ${port}${projectFlag}`,
      };
    }
    case 'listener':
      return {
        reason: `it is in use by ${obstacle.who ?? 'another program'}`,
        hint: `To see ${obstacle.who === undefined ? 'which' : 'more'}: candle who-has ${port}`,
      };
    case 'excluded':
      return {
        reason: 'excludePorts in .candle.json excludes it',
        hint: `Remove ${port} from excludePorts, or choose another port`,
      };
  }
}

/** `service 'web' of project /home/ada/shop`, or `service 'web' of this project`. */
function describeOwner({ serviceName, projectDir: owner }: Reservation, projectDir: string): string {
  const isOwn = owner === projectDir;
  const project = isOwn ? 'this project' : `project ${showPath(owner)}`;
  return serviceName === null ? `${project} itself` : `service ${quote(serviceName)} of ${project}`;
}
