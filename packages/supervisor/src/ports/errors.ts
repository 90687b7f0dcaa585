import { advise, CandleError, candle, exampleProject, type Hint, lines, program, quote } from '@candle/core/errors';
import type { Run } from '@candle/core/runs';
import { exampleRun, exampleService } from '../examples.ts';
import { describeConflict, describePortOwners } from './describe-port-owner.ts';
import { type PortOwner, type PortReport, portReportDocument } from './port-report.ts';

const exampleOwner: PortOwner = {
  port: 4000,
  addresses: ['0.0.0.0'],
  pid: 815,
  command: 'python3',
  commandLine: 'python3 -m http.server 4000',
  cwd: '/home/ada/site',
  isCwdGone: false,
  startedAtMs: null,
  uid: 1000,
  user: 'ada',
  isWorker: false,
  service: null,
};
const exampleConflict: PortReport = {
  port: 4000,
  owners: [exampleOwner],
  reservation: null,
  containers: [],
  advice: [
    advise("to take another port for 'api'", candle('start', 'api', '--move')),
    advise('to end python3 (pid 815)', program('kill', '815')),
  ],
};

/** A reserved port of a service is in use by a process that does not belong to it. */
export class PortInUseError extends CandleError {
  static readonly code = 'PORT_IN_USE';
  static example() {
    return new PortInUseError(exampleService, exampleConflict);
  }

  /** @param variable of a further port of the service */
  constructor(
    { name, projectDir, variable }: { name: string; projectDir: string; variable?: string | undefined },
    report: PortReport,
  ) {
    const owner = `${variable === undefined ? '' : `${variable} of `}service ${quote(name)}`;
    super({
      message: `Port ${report.port}, reserved for ${owner}, is in use by ${describePortOwners(report)}`,
      hint: conflictHint(report),
      details: { name, ...portReportDocument(report), projectDir },
    });
  }
}

/** The service has stopped, but another process uses its port. */
export class PortStillInUseError extends CandleError {
  static readonly code = 'PORT_STILL_IN_USE';
  static example() {
    return new PortStillInUseError(exampleRun, exampleConflict);
  }

  constructor({ serviceName, projectDir }: Run, report: PortReport) {
    super({
      message: `Service ${quote(serviceName)} is stopped, but its port ${report.port} is still in use by ${describePortOwners(report)}`,
      hint: lines('That process does not belong to the service, so it was left running.', conflictHint(report)),
      details: { serviceName, projectDir, ...portReportDocument(report) },
    });
  }
}

/** A service was to be stopped by its port, but the process that listens on it is not a service of this project. */
export class PortNotOwnedError extends CandleError {
  static readonly code = 'PORT_NOT_OWNED';
  static example() {
    const service = {
      name: 'web',
      projectDir: '/home/ada/blog',
      branch: 'main',
      isDirectoryGone: false,
      runId: 'mb1f',
    };
    return new PortNotOwnedError(exampleProject, {
      ...exampleConflict,
      owners: [{ ...exampleOwner, commandLine: 'node server.js', cwd: service.projectDir, service }],
      advice: [advise("to stop service 'web'", candle('kill', 'web', '--project', service.projectDir))],
    });
  }

  constructor(projectDir: string, report: PortReport) {
    super({
      message: `No service of this project listens on port ${report.port}: it is in use by ${describePortOwners(report)}, which was left running`,
      hint: conflictHint(report),
      details: { projectDir, ...portReportDocument(report) },
    });
  }
}

/** Facts about the owner of the port, then what to do. */
function conflictHint(report: PortReport): Hint {
  const advice = report.advice.map(({ purpose, command }) => advise(capitalised(purpose), command));
  return lines(...describeConflict(report), ...advice, advise('For details', candle('who-has', String(report.port))));
}

function capitalised(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
