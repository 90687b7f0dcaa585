import { join } from 'node:path';
import { advise, CandleError, candle, type Hint, lines, quote, renderHint, sentences } from '@candle/core/errors';
import { lastLinesHint } from '@candle/core/logs';
import { configFileName } from '@candle/core/projects';
import type { ServiceKey } from '@candle/core/services';
import { isUnwritable } from '@candle/core/store';
import { exampleReport, exampleRun, exampleService } from '../examples.ts';
import { describeConflict, describePortOwners } from '../ports/describe-port-owner.ts';
import { type PortReport, portReportDocument } from '../ports/port-report.ts';

/** The system could not create the run's files or start its shell. */
export class RunNotSpawnedError extends CandleError {
  static readonly code = 'SERVICE_NOT_SPAWNED';
  static example() {
    return new RunNotSpawnedError(exampleService, new Error('spawn sh EAGAIN'));
  }

  /** `isUnchanged`: a previous run of the service is still running. */
  constructor({ name, projectDir }: ServiceKey, cause: unknown, { isUnchanged = false } = {}) {
    const result = isUnchanged ? 'Nothing was changed' : 'Nothing was left running';
    const reason = cause instanceof Error ? cause.message.split('\n', 1).join('') : String(cause);
    super({
      message: `Service ${quote(name)} could not be started: ${reason}`,
      hint: isUnwritable(cause)
        ? sentences(result, cause.fix)
        : `${result}. Check for a limit on processes or open files`,
      details: { name, projectDir, reason },
      cause,
    });
  }
}

/** The system has no terminal for a service with `"tty": true`, or Perl is missing, which sets it up. */
export class TerminalUnavailableError extends CandleError {
  static readonly code = 'SERVICE_TERMINAL_UNAVAILABLE';
  static example() {
    return new TerminalUnavailableError(exampleService, 'perl');
  }

  /** @param cause `perl` if it is missing, or why no terminal could be opened */
  constructor({ name, projectDir }: ServiceKey, cause: unknown) {
    const { code, message } = cause instanceof Error ? (cause as NodeJS.ErrnoException) : {};
    // ENOSPC: all terminals that the kernel allows are in use.
    const limit = 'all terminals of this machine are in use (sysctl kernel.pty.max)';
    const reason =
      cause === 'perl' ? 'perl was not found in PATH' : code === 'ENOSPC' ? limit : (message ?? String(cause));
    const steps = cause === 'perl' ? 'Install perl, or remove' : 'Remove';
    super({
      message: `Service ${quote(name)} was not started: it has "tty": true, and it cannot get a terminal: ${reason}`,
      hint: `${steps} "tty": true in ${join(projectDir, configFileName)}`,
      details: { name, projectDir, reason },
      cause,
    });
  }
}

/** The database was replaced during the start, so that it has no row of the run, or says that the run is over. */
export class StartNotRecordedError extends CandleError {
  static readonly code = 'SERVICE_START_NOT_RECORDED';
  static example() {
    return new StartNotRecordedError(exampleService);
  }

  constructor({ name, projectDir }: { name: string; projectDir: string }) {
    super({
      message: `Service ${quote(name)} was not started: Candle's database was replaced during the start`,
      hint: lines(
        sentences('Nothing was left running', advise('To start it again', candle('start', name))),
        advise('For details', candle('get-doc', 'replaced-database')),
      ),
      details: { name, projectDir },
    });
  }
}

/** A process of a service's run asks to start that service, which would replace the run, again and again. */
export class ServiceStartsItselfError extends CandleError {
  static readonly code = 'SERVICE_STARTS_ITSELF';
  static example() {
    return new ServiceStartsItselfError({ ...exampleService, name: 'web' }, ['api']);
  }

  /** @param through the services between the service and the calling process, in the order of their starts */
  constructor({ name, projectDir }: ServiceKey, through: readonly string[]) {
    const links = through.map((service) => `started ${quote(service)}, which`);
    const chain =
      links.length === 0 ? 'this command is part of its run' : `its run ${links.join(' ')} runs this command`;
    super({
      message: `Service ${quote(name)} cannot start itself: ${chain}`,
      hint: `Let the command of ${quote(name)} run the program itself instead of candle. To restart it, run this command in a terminal`,
      details: { name, projectDir, through },
    });
  }
}

/** The service whose process asks for a start is being stopped, and must not start anything that outlives the stop. */
export class CallerStoppedError extends CandleError {
  static readonly code = 'SERVICE_CALLER_STOPPED';
  static example() {
    return new CallerStoppedError({ ...exampleService, name: 'web' }, 'api');
  }

  constructor({ name, projectDir }: ServiceKey, caller: string) {
    super({
      message: `Service ${quote(name)} was not started: service ${quote(caller)}, which asked for it, was stopped`,
      hint: advise('To start it', candle('start', name)),
      details: { name, projectDir, caller },
    });
  }
}

/** The service exited before its start was confirmed. */
export class ServiceStartFailedError extends CandleError {
  static readonly code = 'SERVICE_START_FAILED';
  static example() {
    return new ServiceStartFailedError(exampleRun, { exitCode: 1, exitSignal: null }, { report: exampleReport });
  }

  constructor(
    { serviceName, projectDir, id }: { serviceName: string; projectDir: string; id: string },
    exit: { exitCode: number | null; exitSignal: string | null },
    /** `conflict`: for a program that failed to listen on a port. `hasPolicy`: a restart policy was to restart it. */
    {
      report,
      conflict,
      hasPolicy = false,
    }: { report: EndReport; conflict?: PortConflict | undefined; hasPolicy?: boolean },
  ) {
    super({
      message: `Service ${quote(serviceName)} failed to start: ${describeExit(exit)}`,
      hint: lines(
        endHint(report),
        ...(conflict ? takenPortHint(conflict) : []),
        advise('To see the output of the service', candle('logs', serviceName)),
        ...(hasPolicy ? ['It is not restarted: "restart" applies once a start has succeeded'] : []),
      ),
      details: {
        ...{ serviceName, projectDir, runId: id, ...exit, ...endDetails(report), restarted: false },
        conflict: conflict ? portReportDocument(conflict.report) : null,
        fix: conflict ? renderHint(conflict.fix) : null,
      },
    });
  }
}

/** What explains the end of a run that the exit code alone does not explain. */
export interface EndExplanation {
  /** A clause, such as "bash knows '[[', but sh does not". */
  readonly cause: string;
  readonly advice: readonly Hint[];
}

/** What a user is told about a run that has ended: what it printed last, and what explains its end. */
export interface EndReport {
  readonly lastLines: readonly string[];
  readonly explanation: EndExplanation | undefined;
}

/** The report as part of a hint. */
export function endHint({ lastLines, explanation }: EndReport): Hint {
  return lines(lastLinesHint(lastLines), ...(explanation ? [explanation.cause, ...explanation.advice] : []));
}

/** The report in the details of an error. */
export function endDetails({ lastLines, explanation }: EndReport) {
  return { lastLines, explanation: explanationText(explanation) };
}

/** An explanation as text, for documents. */
export function explanationText(explanation: EndExplanation | undefined): string | null {
  return explanation === undefined ? null : renderHint(lines(explanation.cause, ...explanation.advice));
}

/** The port that a program failed to listen on. */
export interface PortConflict {
  readonly report: PortReport;
  readonly fix: Hint;
}

function takenPortHint({ report, fix }: PortConflict): readonly Hint[] {
  return [`Port ${report.port} is in use by ${describePortOwners(report)}`, ...describeConflict(report), fix];
}

/** How a program ended, as a clause: "it exited with code 1". */
export function describeExit({ exitCode, exitSignal }: { exitCode: number | null; exitSignal: string | null }): string {
  if (exitSignal !== null) return `it was killed by ${exitSignal}${exitCode === null ? '' : ` (code ${exitCode})`}`;
  return exitCode === null ? 'it exited (exit status unknown)' : `it exited with code ${exitCode}`;
}
