import { findVariablePrefix } from '@candle/core/config';
import { type Hint, quote, sentences } from '@candle/core/errors';
import {
  listRequestedPorts,
  type PortClaim,
  PortNotAvailableError,
  type PortObstacle,
  purposeOfPort,
} from '@candle/core/ports';
import type { KnownServices } from '@candle/core/services';
import { describePortOwners } from '../ports/describe-port-owner.ts';
import { whoHas } from '../ports/who-has.ts';
import type { Supervision } from '../supervision.ts';

type Config = KnownServices['config'];

/** Adds to the claim which process listens on the preferred port. Reserving only detects that there is a listener. */
export async function describeListener(supervision: Supervision, claim: PortClaim): Promise<PortClaim> {
  const { fallback } = claim;
  if (fallback?.by !== 'listener') return claim;
  const who = await findListener(supervision, fallback.port);
  return who === undefined ? claim : { ...claim, fallback: { ...fallback, who } };
}

/** The error with who has the port, and how to make do with another one. */
export async function explainObstacle(
  supervision: Supervision,
  config: Config,
  { port, claimant, obstacle }: PortNotAvailableError,
): Promise<PortNotAvailableError> {
  const purpose = purposeOfPort(config, claimant.serviceName ?? null);
  const described = await describeObstacle(supervision, port, obstacle);
  const advice = obstacle.by === 'excluded' ? undefined : adviseOnStrictPort(config, port, claimant.serviceName);
  return new PortNotAvailableError(port, { ...claimant, purpose }, described, advice);
}

async function describeObstacle(supervision: Supervision, port: number, obstacle: PortObstacle): Promise<PortObstacle> {
  if (obstacle.by === 'excluded') return obstacle;
  if (obstacle.by === 'listener') {
    const who = await findListener(supervision, port);
    return who === undefined ? obstacle : { ...obstacle, who };
  }
  const { projectDir, serviceName } = obstacle.reservation;
  const { config } = await supervision.readConfig(projectDir);
  return { ...obstacle, purpose: purposeOfPort(config, serviceName) };
}

/** What to write instead of a port that only one checkout can have. Undefined if the configuration does not require it. */
function adviseOnStrictPort(config: Config, port: number, name: string | undefined): Hint | undefined {
  const requested = listRequestedPorts(config).find((one) => one.name === name);
  if (name === undefined || requested?.port.kind !== 'strict') return undefined;
  const own = `To give each checkout its own port, set "port": "auto" for ${quote(name)} in .candle.json, without "strictPort"`;
  const entry = config?.ports.find((one) => one.name === name);
  const service = config?.services.find((one) => one.name === name);
  const isPublished = entry !== undefined || /\bcompose\b/.test(service?.shell ?? '');
  const variable = entry?.portEnv[0] ?? `${findVariablePrefix(name)}_PORT`;
  const published = `If a compose file publishes ${port}, write \${${variable}:-${port}} there instead`;
  return isPublished ? sentences(own, published) : own;
}

/** Undefined if the listener has gone in the meantime, or the port is in use without a listener. */
async function findListener(supervision: Supervision, port: number): Promise<string | undefined> {
  const report = await whoHas(supervision, { port });
  return report.owners.length > 0 ? describePortOwners(report) : undefined;
}
