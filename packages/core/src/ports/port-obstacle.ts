import { advise, candle, type Hint } from '../errors/hint.ts';
import { quote, showPath } from '../errors/quote.ts';
import type { Reservation } from '../reservations/reservation.ts';
import type { PortPurpose } from './port-preference.ts';

/** Why a port is not available for a claim. */
export type PortObstacle =
  /** `purpose`: if omitted, a service. Set by callers that read the configuration of the other project. */
  | { readonly by: 'reserved'; readonly reservation: Reservation; readonly purpose?: PortPurpose }
  /** `who`: the listener as it appears in a sentence, set by callers that can inspect processes. */
  | { readonly by: 'listener'; readonly who?: string }
  /** The port is in the project's `excludePorts`. */
  | { readonly by: 'excluded' };

/** Why a port is not available, as part of a sentence, and what to do next. Worded for a user in `projectDir`. */
export function describeObstacle(
  port: number,
  obstacle: PortObstacle,
  projectDir: string,
): { reason: string; hint: Hint } {
  switch (obstacle.by) {
    case 'reserved': {
      const { reservation, purpose } = obstacle;
      const project = reservation.projectDir === projectDir ? [] : ['--project', reservation.projectDir];
      return {
        reason: `it is reserved for ${describeOwner(reservation, { projectDir, purpose })}`,
        hint: advise('To release it', candle('release-ports', '--port', String(port), ...project)),
      };
    }
    case 'listener':
      return {
        reason: `it is in use by ${obstacle.who ?? 'another program'}`,
        hint: advise(`To see ${obstacle.who === undefined ? 'which' : 'more'}`, candle('who-has', String(port))),
      };
    case 'excluded':
      return {
        reason: 'excludePorts in .candle.json excludes it',
        hint: `Remove ${port} from excludePorts, or choose another port`,
      };
  }
}

/** `service 'web' of project /home/ada/shop`, or `service 'web' of this project`. */
function describeOwner(
  { serviceName, projectDir: owner }: Reservation,
  { projectDir, purpose }: { readonly projectDir: string; readonly purpose: PortPurpose | undefined },
): string {
  const isOwn = owner === projectDir;
  const project = isOwn ? 'this project' : `project ${showPath(owner)}`;
  return serviceName === null ? `${project} itself` : `${describePort(serviceName, purpose)} of ${project}`;
}

/** `service 'web'`; only the name of another reservation, such as `'web.HMR_PORT'`. */
export function describePort(name: string, purpose: PortPurpose = 'service'): string {
  return purpose === 'service' ? `service ${quote(name)}` : quote(name);
}
