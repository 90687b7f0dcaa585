import { statSync } from 'node:fs';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { showPath } from '@candle/core/errors';
import { validRange } from 'semver';
import { EmptyPluginNameError } from '../directory/errors.ts';
import { withoutPassword } from '../plugin-entry.ts';
import {
  InvalidPluginNameError,
  PluginAddressNeededError,
  PluginIsDirectoryError,
  PluginTarballMissingError,
} from './errors.ts';

/** Where a plugin comes from. */
export type PluginSource =
  | { readonly kind: 'registry'; readonly name: string; readonly tag: string; readonly isShort: boolean }
  /** A tarball or a repository: the argument for npm. */
  | { readonly kind: 'address'; readonly address: string };

/** The limit of npm. */
const maxNameLength = 214;
/** Far longer than the URL of any real package. */
const maxAddressLength = 2_000;

const word = '[a-z0-9~-][a-z0-9._~-]*';
const scopedName = new RegExp(`^@${word}/${word}$`);
const shortName = /^[a-z0-9](?:-?[a-z0-9])*$/;
const tarball = /\.(tgz|tar\.gz|tar)$/;
const webAddress = /^(https?|git\+https?|git\+ssh|git\+file|ssh):\/\//;

/**
 * Parses an argument of `plugins install`. A name without a scope always means Candle's own plugin of that name, and nothing
 * is fetched from a place that was not given, because a short name must never run the code of a stranger.
 * @throws InvalidPluginNameError, PluginAddressNeededError, PluginTarballMissingError, PluginIsDirectoryError
 */
export function parsePluginSource(text: string, paths: { cwd: string }): PluginSource {
  if (text === '') throw new EmptyPluginNameError('name');
  if (text.length > maxAddressLength) throw new InvalidPluginNameError(text, 'is too long');
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text)) throw new InvalidPluginNameError(text, 'has control characters');
  if (webAddress.test(text)) return parseAddress(text);
  if (/^(\.{0,2}\/|~\/|file:)/.test(text) || /^\.{1,2}$/.test(text) || (tarball.test(text) && !text.startsWith('@'))) {
    return parseFile(text, paths);
  }
  return parseName(text);
}

function parseAddress(address: string): PluginSource {
  if (!URL.canParse(address) || /[\s'"`\\<>^{|}]/.test(address)) {
    throw new InvalidPluginNameError(address, 'is not a valid URL');
  }
  return { kind: 'address', address };
}

function parseFile(text: string, { cwd }: { cwd: string }): PluginSource {
  const path = pathOf(text, cwd);
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory()) throw new PluginIsDirectoryError(path);
  if (!found?.isFile() || !tarball.test(path)) throw new PluginTarballMissingError(path, found !== undefined);
  return { kind: 'address', address: `file:${path}` };
}

function pathOf(text: string, cwd: string): string {
  if (text.startsWith('file:///')) {
    try {
      return fileURLToPath(text);
    } catch {
      throw new InvalidPluginNameError(text, 'is not a valid URL');
    }
  }
  const path = text.replace(/^file:/, '');
  return path.startsWith('~/') ? resolve(homedir(), path.slice(2)) : resolve(cwd, path);
}

function parseName(text: string): PluginSource {
  const at = text.indexOf('@', 1);
  const [name, tag] = at === -1 ? [text, 'latest'] : [text.slice(0, at), text.slice(at + 1)];
  if (!isTag(tag)) throw new InvalidPluginNameError(text, 'has no valid version');
  if (name.length > maxNameLength) throw new InvalidPluginNameError(text, 'is too long');
  if (scopedName.test(name) || /^candle-plugin-[a-z0-9][a-z0-9._~-]*$/.test(name)) {
    return { kind: 'registry', name, tag, isShort: false };
  }
  if (/^[\w.-]+\/[\w.-]+$/.test(name) || /^[a-z]+:[\w.-]+\/[\w.-]+$/.test(name))
    throw new PluginAddressNeededError(name);
  if (!shortName.test(name)) throw new InvalidPluginNameError(text, 'is not the name of a plugin');
  if (name.startsWith('plugin-'))
    throw new InvalidPluginNameError(text, 'is not the name of a plugin', name.slice('plugin-'.length));
  return { kind: 'registry', name: `@candle/plugin-${name}`, tag, isShort: true };
}

/** A version, a range without spaces, or a dist-tag. */
function isTag(tag: string): boolean {
  return /^[\w.~^<>=*+-]+$/.test(tag) && (validRange(tag) !== null || /^[a-z]/i.test(tag));
}

/** A source as users see it, without a password. */
export function describeSource(source: PluginSource): string {
  if (source.kind === 'registry') return `${source.name}@${source.tag}`;
  return source.address.startsWith('file:')
    ? showPath(source.address.slice('file:'.length))
    : withoutPassword(source.address);
}

/** The argument for npm. A path is encoded, because it may contain characters that are special in a URL. */
export function npmSpec(source: PluginSource): string {
  if (source.kind === 'registry') return `${source.name}@${source.tag}`;
  return source.address.startsWith('file:')
    ? `file:${pathToFileURL(source.address.slice('file:'.length)).pathname}`
    : source.address;
}
