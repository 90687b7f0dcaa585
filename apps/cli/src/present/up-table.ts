import type { UpDocument } from '@candle/documents';
import type { PlannedService, StartProgress } from '@candle/supervisor';
import { renderDuration, renderTable } from './format.ts';

interface Row {
  readonly name: string;
  readonly url: string;
  readonly state: string;
  readonly beganMs?: number | undefined;
  readonly endedMs?: number;
}

/** The services that `up` starts: what is happening to each of them, since when, and its URL. */
export class UpTable {
  readonly #rows = new Map<string, Row>();
  readonly #nowMs: () => number;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  plan(services: readonly PlannedService[]): void {
    for (const { name, url = '-' } of services) {
      this.#rows.set(name, { name, state: 'waiting', url });
    }
  }

  note(name: string, progress: StartProgress): void {
    const nowMs = this.#nowMs();
    if (progress.kind === 'starting') this.#change(name, { state: 'starting', beganMs: nowMs });
    else if (progress.kind === 'done') this.#change(name, { state: stateAfter(progress.result), endedMs: nowMs });
  }

  /** Shows what was done. A service that was left alone took no time. */
  finish(services: UpDocument['services']): void {
    for (const service of services) {
      const done = { state: renderState(service), url: service.url ?? '-' };
      this.#change(service.name, service.state === 'kept' ? { ...done, beganMs: undefined } : done);
    }
  }

  get isPlanned(): boolean {
    return this.#rows.size > 0;
  }

  render(): string {
    const rows = [...this.#rows.values()].map((row) => [row.name, row.state, this.#time(row), row.url]);
    return renderTable([['NAME', 'STATE', 'TIME', 'URL'], ...rows]);
  }

  #change(name: string, changes: Partial<Row>): void {
    const row = this.#rows.get(name);
    if (row) this.#rows.set(name, { ...row, ...changes });
  }

  /** How long it has taken, or did take, until it was ready. */
  #time({ beganMs, endedMs }: Row): string {
    if (beganMs === undefined) return '-';
    const ms = (endedMs ?? this.#nowMs()) - beganMs;
    return ms < 60_000 ? `${(ms / 1000).toFixed(1)}s` : renderDuration(ms);
  }
}

function stateAfter(result: Extract<StartProgress, { kind: 'done' }>['result']): string {
  return result instanceof Error ? renderFailure(result) : 'ready';
}

/** A service whose dependency failed was not started. */
function renderFailure(error: { readonly code: string } | null): string {
  return error?.code === 'SERVICE_DEPENDENCY_FAILED' ? 'not started' : 'failed';
}

function renderState({ state, changed, ready, error }: UpDocument['services'][number]): string {
  if (state === 'failed') return renderFailure(error);
  if (state === 'kept') return ready === null ? 'done' : 'unchanged';
  return changed.length === 0 ? state : `${state} (${changed.join(', ')} changed)`;
}
