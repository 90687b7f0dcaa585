/** The names of a plugin. */
export interface PluginName {
  /** `candle-plugin-hello`, `@ada/plugin-hello` */
  readonly packageName: string;
  /** The package name without its scope. */
  readonly directory: string;
  /** Name of the first command: `hello` for `candle hello`. */
  readonly command: string;
}

/** npm's limit for package names. */
const maxLength = 214;

/** A word of lower-case letters, digits and hyphens. */
const word = '[a-z0-9]+(?:-+[a-z0-9]+)*';
const shape = new RegExp(`^(?:@(?<scope>${word})/)?(?<name>${word})$`);

/**
 * Parses a plugin name: `hello`, `candle-plugin-hello` or `@ada/plugin-hello`. Names without a scope get the prefix
 * that marks plugins of candle.
 * @throws Refusal
 */
export function parsePluginName(text: string): PluginName {
  const { scope, name } = shape.exec(text)?.groups ?? {};
  const short = name?.replace(/^(?:candle-)?plugin-/, '');
  if (name === undefined || short === undefined || text.length + prefix.length > maxLength) {
    throw new Refusal(`${show(text)} is not a valid plugin name`, nameHint);
  }
  if (scope === 'candle') {
    throw new Refusal(
      `The scope @candle is reserved for Candle's own plugins, so ${show(text)} cannot be published`,
      nameHint,
    );
  }
  const directory = scope === undefined ? `${prefix}${short}` : name;
  return { packageName: scope === undefined ? directory : `@${scope}/${name}`, directory, command: short };
}

const prefix = 'candle-plugin-';
const nameHint =
  'Use lower-case letters, digits and hyphens: hello, candle-plugin-hello, or @ada/plugin-hello with your own scope';

/** Shortens a name for a message and replaces characters that would affect the terminal. */
function show(text: string): string {
  const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return `'${shown.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?')}'`;
}

/** An expected error: why no plugin was created, and how to fix it. */
export class Refusal extends Error {
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.name = 'Refusal';
    this.hint = hint;
  }
}
