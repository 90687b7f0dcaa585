import type { CandleEvent } from './documents/events.ts';
import { type CandleHost, sameApi } from './host.ts';

/** Names of hooks, used as keys of `oclif.hooks` in a plugin's package.json. */
export type CandleEventKind = CandleEvent['kind'];

export interface HookInput<Kind extends CandleEventKind = CandleEventKind> {
  readonly event: Extract<CandleEvent, { kind: Kind }>;
  /** Gives access to reservations and services. Changes that a hook makes through it do not raise events. */
  readonly host: CandleHost;
}

/**
 * Defines a hook for one kind of event. It must be the default export of the file that `oclif.hooks` lists for the
 * event. Hooks run in a separate process per plugin, after the event and in parallel with the command. A plugin gets
 * one event at a time, with a timeout of ten seconds. A hook that throws or takes longer does not delay the command:
 * the next command and `candle doctor` report it. The output of hooks goes to a file.
 */
export function defineHook<Kind extends CandleEventKind>(
  kind: Kind,
  handler: (input: HookInput<Kind>) => void | Promise<void>,
): (input: HookInput) => Promise<void> {
  return async (input) => {
    if (!isOf(input, kind))
      throw new Error(`This hook is for ${kind}, but package.json lists it for ${input.event.kind}`);
    sameApi(input.host);
    await handler(input);
  };
}

function isOf<Kind extends CandleEventKind>(input: HookInput, kind: Kind): input is HookInput<Kind> & HookInput {
  return input.event.kind === kind;
}
