import { UsageError } from '@candle/cli-kit';
import { nearestName, quote } from '@candle/core';
import type { Hook } from '@oclif/core';

/** An unknown command is answered with the nearest that there is. */
const commandNotFound: Hook.CommandNotFound = async ({ id, config }) => {
  const known = config.commands.filter((command) => !command.hidden).flatMap(({ id, aliases }) => [id, ...aliases]);
  const nearest = nearestName(id, known)?.replaceAll(':', ' ');
  const suggestion = nearest ? `; did you mean candle ${nearest}?` : '';
  throw new UsageError(`Unknown command ${quote(id.replaceAll(':', ' '))}${suggestion}`, undefined);
};

export default commandNotFound;
