import { CandleError, quote, type Run } from '@candle/core';
import { describeConflict, describePortOwners } from './describe-port-owner.ts';
import type { PortReport } from './port-report.ts';
import { portReportDocument } from './port-report-document.ts';

/** The reserved port is in use by a process that is not a service of this project. */
export class PortInUseError extends CandleError {
  constructor({ name, projectDir }: { name: string; projectDir: string }, report: PortReport) {
    super({
      code: 'PORT_IN_USE',
      message: `Port ${report.port}, reserved for service ${quote(name)}, is in use by ${describePortOwners(report)}`,
      hint: conflictHint(report),
      details: { name, ...portReportDocument(report), projectDir },
    });
  }
}

/** The service has stopped, but another process uses its port. */
export class PortStillInUseError extends CandleError {
  constructor({ serviceName, projectDir }: Run, report: PortReport) {
    super({
      code: 'PORT_STILL_IN_USE',
      message: `Service ${quote(serviceName)} is stopped, but its port ${report.port} is still in use by ${describePortOwners(report)}`,
      hint: `That process does not belong to the service, so it was left running.\n${conflictHint(report)}`,
      details: { serviceName, projectDir, ...portReportDocument(report) },
    });
  }
}

/** A service was to be stopped by its port, but the process that listens on it is not a service of this project. */
export class PortNotOwnedError extends CandleError {
  constructor(projectDir: string, report: PortReport) {
    super({
      code: 'PORT_NOT_OWNED',
      message: `No service of this project listens on port ${report.port}: it is in use by ${describePortOwners(report)}, which was left running`,
      hint: conflictHint(report),
      details: { projectDir, ...portReportDocument(report) },
    });
  }
}

/** Facts about the owner of the port, then what to do. */
function conflictHint(report: PortReport): string {
  const advice = report.advice.map(({ command, purpose }) => `${capitalised(purpose)}: ${command}`);
  return [...describeConflict(report), ...advice, `For details: candle who-has ${report.port}`].join('\n');
}

function capitalised(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
