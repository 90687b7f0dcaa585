import { serviceUrl, shellWord } from '@candle/core';
import type { StartedService } from '@candle/supervisor';
import { isMisplaced, renderContractRemark } from './render-contract.ts';

/** What `start` says of one service. */
export function renderStarted({ run, outcome, contract }: StartedService): string {
  if (outcome === 'kept') {
    const url = run.port === null ? '' : `, ${serviceUrl(run.port)}${renderContractRemark(contract)}`;
    return `[Already running: '${run.serviceName}', pid ${run.guard?.pid ?? 'unknown'}${url}]`;
  }
  return [
    `[Started process '${run.serviceName}'] $ ${run.shell}`,
    `[With root directory: ${run.root}]`,
    ...(run.port === null ? [] : [`[PORT: ${run.port}]`]),
    ...(outcome === 'finished' ? ['[Finished with code 0]'] : []),
  ].join('\n');
}

/** What is not as it should be, to be said on stderr: of its reserved port with what to do, else of its readiness. */
export function renderTrouble(started: StartedService, describe: DescribeContract): string | undefined {
  const { definition, run, outcome, awaited, contract } = started;
  const name = `Service '${run.serviceName}'`;
  const more = `candle logs ${shellWord(run.serviceName)}`;
  if (contract && isMisplaced(contract)) return [`${name} ${describe(contract)}`, ...hintOf(contract)].join('\n');
  if (awaited === undefined) return undefined;
  if (contract?.state === 'silent' && definition.ready.kind === 'reserved-port') {
    // Who started it was told; one that never listens is not to be told so each time.
    if (outcome === 'kept') return undefined;
    return [`${name} runs, but ${describe(contract)}: ${more}`, ...hintOf(contract)].join('\n');
  }
  return `${name} runs, but is not ready yet (${awaited}): ${more}`;
}

type Contract = NonNullable<StartedService['contract']>;
type DescribeContract = (contract: Contract) => string;

function hintOf({ remedy }: Contract): readonly string[] {
  return remedy === null ? [] : [remedy];
}
