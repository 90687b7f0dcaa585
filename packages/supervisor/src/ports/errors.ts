import { CandleError, quote, type Run } from '@candle/core';
import { describeConflict, describeHoldings } from './describe-holding.ts';
import type { PortReport } from './port-report.ts';
import { portReportDocument } from './port-report-document.ts';

/** The reserved port is in use by a process that is no service of this project. */
export class PortHeldError extends CandleError {
  constructor({ name, projectDir }: { name: string; projectDir: string }, report: PortReport) {
    super({
      code: 'PORT_HELD',
      message: `Port ${report.port}, reserved for service ${quote(name)}, is in use by ${describeHoldings(report)}`,
      hint: conflictHint(report),
      details: { name, ...portReportDocument(report), projectDir },
    });
  }
}

/** The service is gone, but its port is not free: somebody else holds it. */
export class PortStillHeldError extends CandleError {
  constructor({ serviceName, projectDir }: Run, report: PortReport) {
    super({
      code: 'PORT_STILL_HELD',
      message: `Service ${quote(serviceName)} is stopped, but its port ${report.port} is still held by ${describeHoldings(report)}`,
      hint: `That process does not belong to the service, so it was left alone.\n${conflictHint(report)}`,
      details: { serviceName, projectDir, ...portReportDocument(report) },
    });
  }
}

/** It was to be stopped by its port, and whoever holds that is no service of this project. */
export class PortHeldByOthersError extends CandleError {
  constructor(projectDir: string, report: PortReport) {
    super({
      code: 'PORT_HELD_BY_OTHERS',
      message: `Port ${report.port} is held by no service of this project: ${describeHoldings(report)} was left alone`,
      hint: conflictHint(report),
      details: { projectDir, ...portReportDocument(report) },
    });
  }
}

/** What to know of the holder, then what can be done. */
function conflictHint(report: PortReport): string {
  const advice = report.advice.map(({ command, purpose }) => `${capitalised(purpose)}: ${command}`);
  return [...describeConflict(report), ...advice, `All that is known: candle who-has ${report.port}`].join('\n');
}

function capitalised(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
