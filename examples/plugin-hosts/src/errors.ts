import { PluginError } from '@candle/cli-kit';

export class NothingReservedError extends PluginError {
  constructor(projectDir: string | undefined, serviceNames: readonly string[]) {
    super({
      code: 'HOSTS_NOTHING_RESERVED',
      message: `No service ${projectDir === undefined ? 'of any project' : `of ${projectDir}`} has a reserved port`,
      hint: `To reserve a port: candle reserve-port ${serviceNames[0] === undefined ? 'NAME' : shellWord(serviceNames[0])}`,
      details: { projectDir: projectDir ?? null },
    });
  }
}

/** Quotes a name for a shell if necessary. */
function shellWord(name: string): string {
  return /^[\w./-]+$/.test(name) ? name : `'${name.replaceAll("'", `'\\''`)}'`;
}
