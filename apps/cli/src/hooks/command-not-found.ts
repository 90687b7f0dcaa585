import { UsageError } from '@candle/cli-kit';
import { nearestName, quote } from '@candle/core';
import type { Hook } from '@oclif/core';
import { pluginsOf } from '../plugins/load/choose-plugins.ts';

/** An unknown command is answered with the nearest that there is. */
const commandNotFound: Hook.CommandNotFound = async ({ id, config }) => {
  const known = config.commands.filter((command) => !command.hidden).flatMap(({ id, aliases }) => [id, ...aliases]);
  const nearest = nearestName(id, known)?.replaceAll(':', ' ');
  const suggestion = nearest ? `; did you mean candle ${nearest}?` : '';
  const broken = pluginsOf(config).filter(({ problems }) => problems.length > 0);
  const excuse = broken.length > 0 && !nearest ? '; a plugin has a problem, see candle plugins' : '';
  throw new UsageError(`Unknown command ${quote(id.replaceAll(':', ' '))}${suggestion}${excuse}`, undefined);
};

export default commandNotFound;
