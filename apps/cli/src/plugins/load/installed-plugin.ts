import type { CandleError } from '@candle/core';
import type { Plugin } from '@oclif/core/config';
import type { PluginEntry } from '../plugin-entry.ts';

/** A plugin that stands in the list, whether or not it is of use. */
export interface InstalledPlugin {
  readonly entry: PluginEntry;
  readonly name: string;
  readonly root: string;
  /** Of its package.json; undefined when that cannot be read. */
  readonly version: string | undefined;
  /** Everything that is wrong with it, and what to do. */
  readonly problems: readonly CandleError[];
  /** What oclif runs: its commands without those that belong to somebody else. Undefined when it cannot be used. */
  readonly plugin: Plugin | undefined;
  /** The commands that it would have, also when it cannot be used; as far as they are known. */
  readonly commandIds: readonly string[];
}

/** As a user types it. */
export function typedCommand(id: string): string {
  return id.replaceAll(':', ' ');
}
