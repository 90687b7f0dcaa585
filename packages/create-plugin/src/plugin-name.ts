import { Refusal } from './refusal.ts';

/** What a plugin goes by. */
export interface PluginName {
  /** `candle-plugin-hello`, `@ada/plugin-hello` */
  readonly packageName: string;
  /** The package's name without its scope. */
  readonly directory: string;
  /** `candle hello` is the first command. */
  readonly command: string;
}

/** What npm takes for a package's name is no longer. */
const maxLength = 214;

/** A word of lower-case letters, digits and hyphens. */
const word = '[a-z0-9]+(?:-+[a-z0-9]+)*';
const shape = new RegExp(`^(?:@(?<scope>${word})/)?(?<name>${word})$`);

/**
 * Reads what the user calls the plugin: `hello`, `candle-plugin-hello` or `@ada/plugin-hello`. One without a scope gets
 * the prefix by which candle knows plugins.
 * @throws Refusal
 */
export function parsePluginName(text: string): PluginName {
  const { scope, name } = shape.exec(text)?.groups ?? {};
  const short = name?.replace(/^(?:candle-)?plugin-/, '');
  if (name === undefined || short === undefined || text.length + prefix.length > maxLength) {
    throw new Refusal(`${show(text)} cannot be the name of a plugin`, nameHint);
  }
  if (scope === 'candle') {
    throw new Refusal(`The scope @candle is for Candle's own plugins, so ${show(text)} cannot be published`, nameHint);
  }
  const directory = scope === undefined ? `${prefix}${short}` : name;
  return { packageName: scope === undefined ? directory : `@${scope}/${name}`, directory, command: short };
}

const prefix = 'candle-plugin-';
const nameHint =
  'Lower-case letters, digits and hyphens: hello, candle-plugin-hello, or @ada/plugin-hello in a scope of your own';

/** In one line and without what acts on a terminal. */
function show(text: string): string {
  const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return `'${shown.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?')}'`;
}
