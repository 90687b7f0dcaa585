import * as v from 'valibot';
import { DurationSchema, described, oneOf, ruledString } from './schema-parts.ts';
import { findServiceShellProblem } from './service-fields.ts';

/** How a service is stopped unless its configuration says otherwise. */
export const defaultStop = { stopSignal: 'SIGTERM', stopTimeoutMs: 10_000, stopTarget: 'tree' } as const;

/** Which processes get the stop signal first. */
const stopTargets = ['tree', 'main'] as const;
export type StopTarget = (typeof stopTargets)[number];

const stopSignals = ['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGHUP', 'SIGKILL', 'SIGUSR1', 'SIGUSR2'] as const;

const StopSignalSchema = v.pipe(
  v.string(oneOf(stopSignals)),
  v.transform((name) => name.toUpperCase().replace(/^(?!SIG)/, 'SIG')),
  v.picklist(stopSignals, oneOf(stopSignals)),
);

/** How a service is stopped. */
export const stopFields = {
  stopSignal: v.exactOptional(
    described(StopSignalSchema, 'The signal that asks the service to stop.', {
      default: defaultStop.stopSignal,
      examples: stopSignals,
    }),
  ),
  stopTimeout: v.exactOptional(
    described(DurationSchema, 'How long the service may take to stop before it gets SIGKILL.', {
      default: '10s',
    }),
  ),
  stopTarget: v.exactOptional(
    described(
      v.picklist(stopTargets, `must be ${stopTargets.join(' or ')}`),
      'tree: all processes of the service get the stop signal, as with Ctrl-C in a terminal. main: only its main process, for programs that pass the signal on; the others follow when it has ended, or after half of stopTimeout.',
      { default: defaultStop.stopTarget },
    ),
  ),
  stopCommand: v.exactOptional(
    described(
      ruledString('must be a non-empty string', findServiceShellProblem),
      'A command to run before the stop signal, for services that keep running after their command has stopped.',
      { minLength: 1, examples: ['docker compose down'] },
    ),
  ),
};
