import type { LogsRequest, Services } from '@candle/cli-kit';
import { candleForCall } from '@candle/core/candle';
import { defaultWaitMs } from '@candle/core/config';
import { defaultLineCount, linePattern, logs, logsDocument, parseCursor } from '@candle/core/logs';
import type { StartedServices } from '@candle/supervisor';
import { superviseCall } from '../base-commands/supervise.ts';
import type { OwnHost } from './own-host.ts';

type Parts = Pick<OwnHost, 'candle' | 'useCases' | 'supervisorProgram'>;

/** `host.services` for plugins: the use cases, with the documents of `--json` as results. `note` reports progress. */
export function pluginServices(host: Parts, note: (text: string) => void): Services {
  const open = () => superviseCall(host, note, { candle: candleForCall(host.candle()) });
  const startedDocuments = async (outcomes: StartedServices) => {
    const { startDocument, throwFailures } = await host.useCases();
    throwFailures(outcomes);
    return startDocument(outcomes);
  };
  return {
    list: async ({ projectDir, names = [] } = {}) => {
      const { list, servicesDocument, supervision } = await open();
      return servicesDocument(await list(supervision, { projectDir, names }));
    },
    start: async ({ names = [], ...request }) => {
      const { start, supervision, onWaiting, onNewCommands, onSetup } = await open();
      return startedDocuments(await start(supervision, { ...request, names, onWaiting, onNewCommands, onSetup }));
    },
    checkStart: async ({ names = [], ...request }) => {
      const { checkStart, supervision, onWaiting, onNewCommands, onSetup } = await open();
      return startedDocuments(await checkStart(supervision, { ...request, names, onWaiting, onNewCommands, onSetup }));
    },
    restart: async ({ names = [], ...request }) => {
      const { restart, supervision, onWaiting, onNewCommands, onSetup } = await open();
      return startedDocuments(await restart(supervision, { ...request, names, onWaiting, onNewCommands, onSetup }));
    },
    kill: async ({ projectDir, names = [] }) => {
      const { kill, killedDocument, throwFailures, supervision, onWaiting } = await open();
      const outcomes = await kill(supervision, { projectDir, names, onWaiting });
      throwFailures(outcomes);
      return { services: outcomes.done.map(killedDocument) };
    },
    waitForReady: async ({ projectDir, name, timeoutMs = defaultWaitMs }) => {
      const { waitForReady, readyDocument, supervision } = await open();
      return readyDocument(await waitForReady(supervision, { projectDir, name, timeoutMs }));
    },
    logs: async (request) => logsDocument(await logs(candleForCall(host.candle()), await logQuery(request))),
    listPorts: async ({ projectDir, names = [] } = {}) => {
      const { listPorts, portsDocument, supervision } = await open();
      return portsDocument(await listPorts(supervision, { projectDir, names }));
    },
  };
}

async function logQuery({ names = [], grep, startAt, count, ...rest }: LogsRequest) {
  return {
    ...rest,
    names,
    count: count ?? (startAt === undefined ? defaultLineCount : undefined),
    pattern: grep === undefined ? undefined : await linePattern(grep),
    startAt: startAt === undefined ? undefined : parseCursor(startAt),
  };
}
