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

/** The type after JSON.stringify, which has neither readonly nor undefined. */
type Plain<T> = T extends object ? { -readonly [K in keyof T]: Plain<Exclude<T[K], undefined>> } : T;
type Printed<Command extends { run(): Promise<unknown> }> = Plain<Awaited<ReturnType<Command['run']>>>;

/** A schema whose input type is the return type of the command, as checked by the compiler. */
function of<Command extends { run(): Promise<unknown> }>(schema: z.ZodType<unknown, Printed<Command>>): z.ZodType {
  return schema;
}

const failure = z.object({ code: z.string(), message: z.string(), hint: z.string().nullable() });

const plugin = z.object({
  name: z.string(),
  version: z.string().nullable().describe('Null if its package.json cannot be read.'),
  type: z.enum(['installed', 'linked']),
  source: z.string().describe('What was requested: a version, range or tag, a URL, or a directory.'),
  root: z.string().describe('Directory of the plugin.'),
  commands: z.array(z.string()).describe('Commands as users type them.'),
  events: z.array(z.string()).describe('Events that the plugin hooks into.'),
  problems: z.array(failure),
});

const changedPlugin = plugin.extend({
  formerVersion: z.string().nullable().describe('The version before the change; null if there was none.'),
});

/** Documents of commands without an MCP tool. Documents that a tool also returns are described there. */
export const ownDocuments = {
  'setup-project': of<SetupProject>(
    z.object({
      path: z.string().describe('Path of the file.'),
      created: z.boolean().describe('False if the file already existed.'),
    }),
  ),
  'remove-service': of<RemoveService>(z.object({ name: z.string(), path: z.string().describe('Path of the file.') })),
  doctor: of<Doctor>(
    z.object({
      checks: z.array(
        z.object({
          name: z.string(),
          status: z.enum(['ok', 'warning', 'problem']),
          message: z.string(),
          hint: z.string().nullable().describe('What to do about a problem.'),
        }),
      ),
    }),
  ),
  env: of<Env>(
    z.object({
      name: z.string().nullable().describe('Null for the variables that every service of the project gets.'),
      projectDir: z.string(),
      variables: z
        .array(
          z.object({
            name: z.string(),
            value: z.string(),
            source: z
              .enum(['default', 'caller', 'color', 'reservation', 'envFile', 'env', 'portEnv', 'candle'])
              .describe('Each source overrides those before it in this list.'),
            serviceName: z
              .string()
              .nullable()
              .describe('The service whose port it contains; null for other variables.'),
            path: z.string().nullable().describe('Path of the envFile that sets it; null for other variables.'),
          }),
        )
        .describe('Every variable once, without CANDLE_RUN_ID.'),
      fallbacks: z.array(fallbackPort).describe('Services that did not get their preferred port.'),
    }),
  ),
  'erase-database': of<EraseDatabase>(
    z.object({
      stateDir: z.string(),
      erased: z.boolean().describe('False if there was nothing to erase.'),
      reservationCount: z.int().nullable().describe('Null if the database could not be read.'),
      projectCount: z.int().nullable().describe('Null if the database could not be read.'),
      keptNames: z
        .array(z.string())
        .describe('Files in the state directory that Candle did not create and did not delete.'),
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

/** The document that every command prints when it fails. */
export const errorDocumentSchema = z.object({
  error: z.object({
    code: z.string().describe('Never changes. For all codes, see docs/reference/errors.md.'),
    message: z.string().describe('One sentence.'),
    hint: z.string().nullable().describe('What to do about the error.'),
    details: z.record(z.string(), z.unknown()).describe('The values in the message.'),
  }),
});
