// Writes the files of the package that are generated from the sources but are not code.
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { configJsonSchema } from '@candle/core/config-json-schema';
import { listPages } from '../src/docs/pages.ts';
import { createHelpIndex, helpIndexPath } from '../src/help/help-text.ts';
import { commandGroups, findEffectSentence } from '../src/use-case-commands.ts';
import { writeCompletionScripts } from './completion-scripts.mjs';

const docs = fileURLToPath(new URL('../../../docs', import.meta.url));

/** Writes the pages of `candle get-doc`, the schema of .candle.json, oclif's manifest and the index of help. */
export async function writePackageFiles(root) {
  copyPages(join(root, 'dist', 'docs'));
  writeCompletionScripts(join(root, 'dist', 'completions'));
  writeFileSync(join(root, 'config.schema.json'), `${JSON.stringify(configJsonSchema(), null, 2)}\n`);
  const manifest = await createManifest(root);
  writeFileSync(join(root, 'oclif.manifest.json'), JSON.stringify(manifest));
  writeFileSync(helpIndexPath(root), JSON.stringify(createHelp(root, manifest)));
}

function createHelp(root, { commands }) {
  const { description } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const pages = listPages(root);
  return createHelpIndex({
    description,
    groups: commandGroups,
    summaryOf: (id) => commands[id].summary,
    withAll: commandGroups.flatMap((group) => group.commands).filter((id) => `${id}-all` in commands),
    pages: pages.map(({ name, title }) => [name, title]),
  });
}

/** The Markdown files of docs/, without pages for contributors and files for programs. */
function copyPages(target) {
  const isPage = (path) =>
    !/^(internals|decisions)\b/.test(relative(docs, path)) && (!/\.\w+$/.test(path) || path.endsWith('.md'));
  rmSync(target, { recursive: true, force: true });
  cpSync(docs, target, { recursive: true, filter: isPage });
}

async function createManifest(root) {
  const { Plugin } = createRequire(import.meta.url)('@oclif/core');
  const plugin = new Plugin({ root, ignoreManifest: true, errorOnManifestCreate: true, respectNoCacheDefault: true });
  await plugin.load();
  // Each command of a use case says in its help what it changes.
  for (const [id, command] of Object.entries(plugin.manifest.commands)) {
    const effect = findEffectSentence(id);
    if (effect) command.description = [command.description, effect].filter(Boolean).join('\n\n');
  }
  return plugin.manifest;
}
