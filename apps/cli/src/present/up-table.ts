import type { UpDocument } from '@candle/documents';
import type { PlannedService, StartProgress } from '@candle/supervisor';
import { type Cell, plainStyle, renderDuration, renderTable, type TextStyle, type Tone } from './format.ts';

interface Row {
  readonly name: string;
  readonly url: string;
  readonly state: string;
  readonly tone: Tone;
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
      this.#rows.set(name, { name, state: 'waiting', tone: 'idle', url });
    }
  }

  note(name: string, progress: StartProgress): void {
    const nowMs = this.#nowMs();
    if (progress.kind === 'starting') this.#change(name, { state: 'starting', tone: 'waiting', beganMs: nowMs });
    else if (progress.kind === 'done') this.#change(name, { ...stateAfter(progress.result), endedMs: nowMs });
  }

  /** Shows what was done. A service that was left alone took no time. */
  finish(services: UpDocument['services']): void {
    for (const service of services) {
      const done = { ...finalState(service), url: service.url ?? '-' };
      this.#change(service.name, service.state === 'kept' ? { ...done, beganMs: undefined } : done);
    }
  }

  get isPlanned(): boolean {
    return this.#rows.size > 0;
  }

  render(style: TextStyle = plainStyle): string {
    const rows = [...this.#rows.values()].map((row): readonly Cell[] => {
      const { name, state: text, tone, url } = row;
      return [name, { text, tone }, this.#time(row), url];
    });
    return renderTable([['NAME', 'STATE', 'TIME', 'URL'], ...rows], style);
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

type RowState = Pick<Row, 'state' | 'tone'>;

function stateAfter(result: Extract<StartProgress, { kind: 'done' }>['result']): RowState {
  return result instanceof Error ? failedState(result) : { state: 'ready', tone: 'good' };
}

/** A service whose dependency failed was not started. */
function failedState(error: { readonly code: string } | null): RowState {
  const isStarted = error?.code !== 'SERVICE_DEPENDENCY_FAILED';
  return isStarted ? { state: 'failed', tone: 'bad' } : { state: 'not started', tone: 'idle' };
}

function finalState({ state, changed, ready, error }: UpDocument['services'][number]): RowState {
  if (state === 'failed') return failedState(error);
  if (state === 'kept') return { state: ready === null ? 'done' : 'unchanged', tone: 'good' };
  return { state: changed.length === 0 ? state : `${state} (${changed.join(', ')} changed)`, tone: 'good' };
}
