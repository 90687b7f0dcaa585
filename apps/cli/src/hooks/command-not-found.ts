import { UsageError } from '@candle/cli-kit';
import { nearestName, quote } from '@candle/core';
import type { Hook } from '@oclif/core';
import { pluginsOf } from '../plugins/load/choose-plugins.ts';

/** Suggests the nearest known command for an unknown one. */
const commandNotFound: Hook.CommandNotFound = async ({ id, config }) => {
  const known = config.commands.filter((command) => !command.hidden).flatMap(({ id, aliases }) => [id, ...aliases]);
  const nearest = nearestName(id, known)?.replaceAll(':', ' ');
  const suggestion = nearest ? `; did you mean candle ${nearest}?` : '';
  const broken = pluginsOf(config).filter(({ problems }) => problems.length > 0);
  const pluginNote = broken.length > 0 && !nearest ? '; a plugin has a problem, see candle plugins' : '';
  throw new UsageError(`Unknown command ${quote(id.replaceAll(':', ' '))}${suggestion}${pluginNote}`, undefined);
};

export default commandNotFound;
