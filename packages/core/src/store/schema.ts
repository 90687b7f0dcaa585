import { sql } from 'drizzle-orm';
import { check, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

/** Facts about the database: `oldestReader` is the oldest schema whose Candle may still write to it. */
export const meta = sqliteTable('meta', {
  key: text('key').primaryKey(),
  value: integer('value').notNull(),
});

/** A durable claim of a port by a project: for one of its services or, without a name, for the project itself. */
export const reservations = sqliteTable(
  'reservations',
  {
    port: integer('port').primaryKey(),
    projectDir: text('project_dir').notNull(),
    serviceName: text('service_name'),
    reservedAtMs: integer('reserved_at_ms').notNull(),
    /** The order of reservation, which is defined even within the same millisecond. */
    seq: integer('seq').notNull(),
  },
  (table) => [
    // SQLite treats NULLs as distinct, so project-level rows, which have no name, are excluded.
    uniqueIndex('reservations_one_per_service')
      .on(table.projectDir, table.serviceName)
      .where(sql`${table.serviceName} IS NOT NULL`),
    index('reservations_by_project').on(table.projectDir),
    check('reservations_port_range', sql`${table.port} BETWEEN 1 AND 65535`),
  ],
);

/** A single row: where the search for the next port begins, and how many reservations were ever made. */
export const portCursor = sqliteTable(
  'port_cursor',
  {
    id: integer('id').primaryKey(),
    nextPort: integer('next_port').notNull(),
    issued: integer('issued').notNull(),
  },
  (table) => [check('port_cursor_one_row', sql`${table.id} = 1`)],
);

/** What Candle knows about a service: its desired state, the last request, and the owner of its lock. */
export const services = sqliteTable(
  'services',
  {
    projectDir: text('project_dir').notNull(),
    name: text('name').notNull(),
    /** Set only for a transient service; a configured one is always read from its file. */
    shell: text('shell'),
    root: text('root'),
    desired: text('desired', { enum: ['up', 'down'] }).notNull(),
    /** Grows with each requested start and kill; the newest request wins. */
    generation: integer('generation').notNull(),
    requestVerb: text('request_verb', { enum: ['start', 'kill'] }).notNull(),
    requestPid: integer('request_pid').notNull(),
    requestStartToken: text('request_start_token').notNull(),
    /** The process that holds the service lock; null if there is none. */
    lockPid: integer('lock_pid'),
    lockStartToken: text('lock_start_token'),
    lockSinceMs: integer('lock_since_ms'),
    /** Consecutive restarts by policy that did not last. */
    attempts: integer('attempts').notNull().default(0),
    /** When the policy restarts it; null if there is no pending restart. */
    nextRestartAtMs: integer('next_restart_at_ms'),
    /** When it is due, on the clock that nobody can set; only meaningful in that boot. */
    nextRestartMonotonicMs: integer('next_restart_monotonic_ms'),
    nextRestartBootId: text('next_restart_boot_id'),
    /** When the policy gave up. */
    crashLoopedAtMs: integer('crash_looped_at_ms'),
    /** Why it was not restarted although the policy requires it. */
    refusal: text('refusal'),
    /** How much output of all its runs together is kept; null for the default. */
    logMaxBytes: integer('log_max_bytes'),
    logMaxAgeMs: integer('log_max_age_ms'),
  },
  (table) => [uniqueIndex('services_by_name').on(table.projectDir, table.name)],
);

/** One execution of a service. It is active until `endedAtMs` is set. */
export const runs = sqliteTable(
  'runs',
  {
    id: text('id').primaryKey(),
    projectDir: text('project_dir').notNull(),
    serviceName: text('service_name').notNull(),
    generation: integer('generation').notNull(),
    status: text('status', {
      enum: ['starting', 'running', 'ready', 'stopping', 'detached', 'exited', 'failed', 'lost'],
    }).notNull(),
    shell: text('shell').notNull(),
    root: text('root').notNull(),
    port: integer('port'),
    /** Fingerprint of the definition it was started with, to detect later changes of the configuration. */
    fingerprint: text('fingerprint').notNull(),
    bootId: text('boot_id').notNull(),
    shimPid: integer('shim_pid'),
    shimStartToken: text('shim_start_token'),
    startedAtMs: integer('started_at_ms').notNull(),
    /** The same moment on the clock that nobody can set; null for a run that an earlier Candle started. */
    startedMonotonicMs: integer('started_monotonic_ms'),
    endedAtMs: integer('ended_at_ms'),
    exitCode: integer('exit_code'),
    exitSignal: text('exit_signal'),
    endReason: text('end_reason', { enum: ['exited', 'stopped', 'replaced', 'interrupted', 'lost'] }),
    /** 0: started on request; n: the nth consecutive restart by the service's restart policy. */
    attempt: integer('attempt').notNull().default(0),
    /** When its start was confirmed. From then on, the supervisor records its end. */
    confirmedAtMs: integer('confirmed_at_ms'),
    /** Where its output begins for readers after `clear-logs`. */
    logStart: text('log_start'),
    /** The process that the run must not outlive; null if the run continues without it. */
    ownerPid: integer('owner_pid'),
    ownerStartToken: text('owner_start_token'),
  },
  (table) => [
    uniqueIndex('runs_one_active_per_service')
      .on(table.projectDir, table.serviceName)
      .where(sql`${table.endedAtMs} IS NULL`),
    index('runs_by_service').on(table.projectDir, table.serviceName, table.startedAtMs),
    index('runs_active_ports').on(table.port).where(sql`${table.endedAtMs} IS NULL`),
  ],
);

/**
 * A directory whose configuration is used although other users can change it, with each of its owners. If the owner changes,
 * no row has both any more.
 */
export const trustedDirs = sqliteTable(
  'trusted_dirs',
  {
    dir: text('dir').notNull(),
    ownerUid: integer('owner_uid').notNull(),
    trustedAtMs: integer('trusted_at_ms').notNull(),
  },
  (table) => [primaryKey({ columns: [table.dir, table.ownerUid] })],
);

/** The commands of a service that a start has shown before it ran them for the first time, as a hash of all of them. */
export const shownCommands = sqliteTable('shown_commands', {
  hash: text('hash').primaryKey(),
  shownAtMs: integer('shown_at_ms').notNull(),
});

/** The setup that was completed in a project. */
export const setups = sqliteTable('setups', {
  projectDir: text('project_dir').primaryKey(),
  /** Of the command and of the contents of the files that it depends on. */
  fingerprint: text('fingerprint').notNull(),
  doneAtMs: integer('done_at_ms').notNull(),
});
