import { quote, showPath } from '../errors/quote.ts';
import type { Reservation } from '../reservations/reservation.ts';
import { shellWord } from '../services/config/shell-word.ts';
import type { PortClaim } from './claim-port.ts';
import type { PortObstacle } from './port-obstacle.ts';

/** Says who has the number that was preferred, and which one was given instead; undefined when it was had, or none preferred. */
export function describeFallback({ reservation, fallback }: PortClaim): string | undefined {
  if (fallback === undefined) return undefined;
  const { port, projectDir, serviceName } = reservation;
  const { reason } = describeObstacle(fallback.port, fallback, projectDir);
  const more = fallback.by === 'listener' ? ` (candle who-has ${fallback.port})` : '';
  const given = serviceName === null ? 'the project' : quote(serviceName);
  return `Port ${fallback.port} is not available: ${reason}${more}; ${given} has port ${port} instead`;
}

/** Why a number is not to be had, for a sentence, and what to type next; told to somebody in this project. */
export function describeObstacle(
  port: number,
  obstacle: PortObstacle,
  projectDir: string,
): { reason: string; hint: string } {
  switch (obstacle.by) {
    case 'reserved': {
      const { reservation } = obstacle;
      const elsewhere = reservation.projectDir === projectDir ? '' : ` --project ${shellWord(reservation.projectDir)}`;
      return {
        reason: `it is reserved for ${ownerOf(reservation, projectDir)}`,
        hint: `To give it back there: candle release-ports --port ${port}${elsewhere}`,
      };
    }
    case 'listener':
      return {
        reason: `it is in use by ${obstacle.who ?? 'another program'}`,
        hint: `To see ${obstacle.who === undefined ? 'which' : 'more'}: candle who-has ${port}`,
      };
    case 'excluded':
      return {
        reason: 'excludePorts of .candle.json excludes it',
        hint: `Take ${port} out of excludePorts, or choose another number`,
      };
  }
}

/** `service 'web' of project /home/ada/shop`, of this project without its directory. */
function ownerOf({ serviceName, projectDir: owner }: Reservation, projectDir: string): string {
  const isOwn = owner === projectDir;
  const project = isOwn ? 'this project' : `project ${showPath(owner)}`;
  return serviceName === null ? `${project} itself` : `service ${quote(serviceName)} of ${project}`;
}
