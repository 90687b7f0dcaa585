import { fallbackPort } from '@candle/mcp';
import { z } from 'zod';
import type AgentsGuide from '../commands/agents-guide.ts';
import type Doctor from '../commands/doctor.ts';
import type Env from '../commands/env.ts';
import type EraseDatabase from '../commands/erase-database.ts';
import type GetDoc from '../commands/get-doc.ts';
import type ListDocs from '../commands/list-docs.ts';
import type Plugins from '../commands/plugins/index.ts';
import type PluginsInspect from '../commands/plugins/inspect.ts';
import type PluginsInstall from '../commands/plugins/install.ts';
import type PluginsLink from '../commands/plugins/link.ts';
import type PluginsReset from '../commands/plugins/reset.ts';
import type PluginsUninstall from '../commands/plugins/uninstall.ts';
import type PluginsUpdate from '../commands/plugins/update.ts';
import type RemoveService from '../commands/remove-service.ts';
import type SetupProject from '../commands/setup-project.ts';

/** As it is printed: JSON knows neither readonly nor undefined. */
type Plain<T> = T extends object ? { -readonly [K in keyof T]: Plain<Exclude<T[K], undefined>> } : T;
type Printed<Command extends { run(): Promise<unknown> }> = Plain<Awaited<ReturnType<Command['run']>>>;

/** A schema that takes what the command returns; the compiler holds one against the other. */
function of<Command extends { run(): Promise<unknown> }>(schema: z.ZodType<unknown, Printed<Command>>): z.ZodType {
  return schema;
}

const failure = z.object({ code: z.string(), message: z.string(), hint: z.string().nullable() });

const plugin = z.object({
  name: z.string(),
  version: z.string().nullable().describe('Null when its package.json cannot be read.'),
  type: z.enum(['installed', 'linked']),
  source: z.string().describe('What was asked for: a version, range or tag, an address, or a directory.'),
  root: z.string().describe('Its directory.'),
  commands: z.array(z.string()).describe('As they are typed.'),
  events: z.array(z.string()).describe('Those that it hooks into.'),
  problems: z.array(failure),
});

const changedPlugin = plugin.extend({
  formerVersion: z.string().nullable().describe('That was there before; null when there was none.'),
});

/** What commands print that are no MCP tools; what a tool answers with too, the tool describes. */
export const ownDocuments = {
  'setup-project': of<SetupProject>(
    z.object({ path: z.string().describe('Of the file.'), created: z.boolean().describe('It was not there before.') }),
  ),
  'remove-service': of<RemoveService>(z.object({ name: z.string(), path: z.string().describe('Of the file.') })),
  doctor: of<Doctor>(
    z.object({
      checks: z.array(
        z.object({
          name: z.string(),
          status: z.enum(['ok', 'warning', 'problem']),
          message: z.string(),
          hint: z.string().nullable().describe('What to do about it.'),
        }),
      ),
    }),
  ),
  env: of<Env>(
    z.object({
      name: z.string().nullable().describe('Null: what every service of the project gets.'),
      projectDir: z.string(),
      variables: z
        .array(
          z.object({
            name: z.string(),
            value: z.string(),
            source: z
              .enum(['default', 'caller', 'color', 'reservation', 'envFile', 'env', 'portEnv', 'candle'])
              .describe('In this order each wins over those before it.'),
            serviceName: z.string().nullable().describe('Whose port it tells; null for other variables.'),
            path: z.string().nullable().describe('Of the envFile that it stands in; null for other variables.'),
          }),
        )
        .describe('Each once, without CANDLE_RUN_ID.'),
      fallbacks: z.array(fallbackPort).describe('Services that did not get the port that they prefer.'),
    }),
  ),
  'erase-database': of<EraseDatabase>(
    z.object({
      stateDir: z.string(),
      erased: z.boolean().describe('False when there was nothing.'),
      reservationCount: z.int().nullable().describe('Null when the ledger could not be read.'),
      projectCount: z.int().nullable().describe('Null when the ledger could not be read.'),
      keptNames: z.array(z.string()).describe("What else stands in the state directory, and is not Candle's."),
    }),
  ),
  'list-docs': of<ListDocs>(z.object({ docs: z.array(z.object({ name: z.string(), title: z.string() })) })),
  'get-doc': of<GetDoc>(
    z.object({ name: z.string(), title: z.string(), text: z.string().describe('The whole page, as Markdown.') }),
  ),
  'agents-guide': of<AgentsGuide>(z.object({ text: z.string().describe('Markdown.') })),
  plugins: of<Plugins>(z.object({ plugins: z.array(plugin) })),
  'plugins:inspect': of<PluginsInspect>(z.object({ plugin })),
  'plugins:install': of<PluginsInstall>(z.object({ installed: z.array(changedPlugin) })),
  'plugins:link': of<PluginsLink>(z.object({ linked: plugin })),
  'plugins:reset': of<PluginsReset>(z.object({ removed: z.array(z.string()) })),
  'plugins:uninstall': of<PluginsUninstall>(
    z.object({ uninstalled: z.array(z.object({ name: z.string(), type: z.enum(['linked', 'installed']) })) }),
  ),
  'plugins:update': of<PluginsUpdate>(z.object({ updated: z.array(changedPlugin) })),
} as const satisfies Record<string, z.ZodType>;

/** What every command prints when it fails. */
export const errorDocumentSchema = z.object({
  error: z.object({
    code: z.string().describe('Permanent; all of them: docs/reference/errors.md.'),
    message: z.string().describe('One sentence.'),
    hint: z.string().nullable().describe('What to do about it.'),
    details: z.record(z.string(), z.unknown()).describe('The values that the sentence speaks of.'),
  }),
});
