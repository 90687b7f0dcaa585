import type { Document, ReservedPortDocument } from '@candle/documents';
import { expectTypeOf, test } from 'vitest';
import type { printedDocuments } from './describe-documents.ts';

/** The commands that print the documents. Commands of one use case return the result of the same function. */
interface Commands {
  'add-service': typeof import('../commands/add-service.ts');
  'agents:guide': typeof import('../commands/agents/guide.ts');
  'check-start': typeof import('../commands/check-start.ts');
  'clear-logs': typeof import('../commands/clear-logs.ts');
  doctor: typeof import('../commands/doctor.ts');
  down: typeof import('../commands/down.ts');
  env: typeof import('../commands/env.ts');
  'erase-database': typeof import('../commands/erase-database.ts');
  'get-doc': typeof import('../commands/get-doc.ts');
  'get-or-reserve-port': typeof import('../commands/get-or-reserve-port.ts');
  'get-reserved-port': typeof import('../commands/get-reserved-port.ts');
  init: typeof import('../commands/init.ts');
  kill: typeof import('../commands/kill.ts');
  list: typeof import('../commands/list.ts');
  'list-docs': typeof import('../commands/list-docs.ts');
  'list-ports': typeof import('../commands/list-ports.ts');
  'list-reserved-ports': typeof import('../commands/list-reserved-ports.ts');
  logs: typeof import('../commands/logs.ts');
  'open-browser': typeof import('../commands/open-browser.ts');
  overview: typeof import('../commands/overview.ts');
  plugins: typeof import('../commands/plugins/index.ts');
  'plugins:inspect': typeof import('../commands/plugins/inspect.ts');
  'plugins:install': typeof import('../commands/plugins/install.ts');
  'plugins:link': typeof import('../commands/plugins/link.ts');
  'plugins:reset': typeof import('../commands/plugins/reset.ts');
  'plugins:uninstall': typeof import('../commands/plugins/uninstall.ts');
  'plugins:update': typeof import('../commands/plugins/update.ts');
  'release-ports': typeof import('../commands/release-ports.ts');
  'remove-service': typeof import('../commands/remove-service.ts');
  'reserve-port': typeof import('../commands/reserve-port.ts');
  restart: typeof import('../commands/restart.ts');
  send: typeof import('../commands/send.ts');
  'setup-project': typeof import('../commands/setup-project.ts');
  start: typeof import('../commands/start.ts');
  trust: typeof import('../commands/trust.ts');
  up: typeof import('../commands/up.ts');
  url: typeof import('../commands/url.ts');
  'wait-for-log': typeof import('../commands/wait-for-log.ts');
  'wait-for-ready': typeof import('../commands/wait-for-ready.ts');
  'who-has': typeof import('../commands/who-has.ts');
}

type CommandModule = { readonly default: { readonly prototype: { run(): Promise<unknown> } } };
/** Commands that print while they run return undefined. */
type Printed<Module extends CommandModule> = Exclude<
  Awaited<ReturnType<Module['default']['prototype']['run']>>,
  undefined
>;

/** The type after JSON.stringify, which has neither readonly nor undefined. */
type Plain<T> = T extends object ? { -readonly [K in keyof T]: Plain<Exclude<T[K], undefined>> } : T;
/** TypeScript compares these functions only by identity, so an extra optional field counts too. */
type Same<A, B> = (<T>() => T extends Plain<A> ? 1 : 2) extends <T>() => T extends Plain<B> ? 1 : 2 ? true : false;

type Mismatches = {
  [Id in keyof Commands]: Same<Printed<Commands[Id]>, Document<(typeof printedDocuments)[Id]>> extends true
    ? never
    : Id;
}[keyof Commands];

test('each command returns exactly the fields of its document', () => {
  expectTypeOf<keyof Commands>().toEqualTypeOf<keyof typeof printedDocuments>();
  expectTypeOf<Mismatches>().toBeNever();
});

test('a missing field, an extra field and a field of another type are a mismatch', () => {
  expectTypeOf<Same<ReservedPortDocument, ReservedPortDocument>>().toEqualTypeOf<true>();
  expectTypeOf<Same<Omit<ReservedPortDocument, 'port'>, ReservedPortDocument>>().toEqualTypeOf<false>();
  expectTypeOf<Same<ReservedPortDocument & { extra?: string }, ReservedPortDocument>>().toEqualTypeOf<false>();
  expectTypeOf<
    Same<Omit<ReservedPortDocument, 'port'> & { port: string }, ReservedPortDocument>
  >().toEqualTypeOf<false>();
});
