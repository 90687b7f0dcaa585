// Written by scripts/embed-migrations.mjs from drizzle/*.sql: edit schema.ts, then run `pnpm run migrations`.
// biome-ignore-all format: generated

export interface Migration {
  readonly name: string;
  readonly sql: string;
}

/** In order. The schema version is the number of applied migrations. */
export const migrations: readonly Migration[] = [
  {
    name: '0000_initial',
    sql: `CREATE TABLE \`meta\` (
	\`key\` text PRIMARY KEY NOT NULL,
	\`value\` integer NOT NULL
);

CREATE TABLE \`port_cursor\` (
	\`id\` integer PRIMARY KEY NOT NULL,
	\`next_port\` integer NOT NULL,
	\`issued\` integer NOT NULL,
	CONSTRAINT "port_cursor_one_row" CHECK("port_cursor"."id" = 1)
);

CREATE TABLE \`reservations\` (
	\`port\` integer PRIMARY KEY NOT NULL,
	\`project_dir\` text NOT NULL,
	\`service_name\` text,
	\`reserved_at_ms\` integer NOT NULL,
	\`seq\` integer NOT NULL,
	CONSTRAINT "reservations_port_range" CHECK("reservations"."port" BETWEEN 1 AND 65535)
);

CREATE UNIQUE INDEX \`reservations_one_per_service\` ON \`reservations\` (\`project_dir\`,\`service_name\`) WHERE "reservations"."service_name" IS NOT NULL;
CREATE INDEX \`reservations_by_project\` ON \`reservations\` (\`project_dir\`);
CREATE TABLE \`runs\` (
	\`id\` text PRIMARY KEY NOT NULL,
	\`project_dir\` text NOT NULL,
	\`service_name\` text NOT NULL,
	\`generation\` integer NOT NULL,
	\`status\` text NOT NULL,
	\`shell\` text NOT NULL,
	\`root\` text NOT NULL,
	\`port\` integer,
	\`fingerprint\` text NOT NULL,
	\`boot_id\` text NOT NULL,
	\`shim_pid\` integer,
	\`shim_start_token\` text,
	\`started_at_ms\` integer NOT NULL,
	\`ended_at_ms\` integer,
	\`exit_code\` integer,
	\`exit_signal\` text,
	\`end_reason\` text,
	\`attempt\` integer DEFAULT 0 NOT NULL,
	\`confirmed_at_ms\` integer,
	\`log_start\` text
);

CREATE UNIQUE INDEX \`runs_one_active_per_service\` ON \`runs\` (\`project_dir\`,\`service_name\`) WHERE "runs"."ended_at_ms" IS NULL;
CREATE INDEX \`runs_by_service\` ON \`runs\` (\`project_dir\`,\`service_name\`,\`started_at_ms\`);
CREATE INDEX \`runs_active_ports\` ON \`runs\` (\`port\`) WHERE "runs"."ended_at_ms" IS NULL;
CREATE TABLE \`services\` (
	\`project_dir\` text NOT NULL,
	\`name\` text NOT NULL,
	\`shell\` text,
	\`root\` text,
	\`desired\` text NOT NULL,
	\`generation\` integer NOT NULL,
	\`request_verb\` text NOT NULL,
	\`request_pid\` integer NOT NULL,
	\`request_start_token\` text NOT NULL,
	\`lock_pid\` integer,
	\`lock_start_token\` text,
	\`lock_since_ms\` integer,
	\`attempts\` integer DEFAULT 0 NOT NULL,
	\`next_restart_at_ms\` integer,
	\`crash_looped_at_ms\` integer,
	\`refusal\` text,
	\`log_max_bytes\` integer,
	\`log_max_age_ms\` integer
);

CREATE UNIQUE INDEX \`services_by_name\` ON \`services\` (\`project_dir\`,\`name\`);`,
  },
  {
    name: '0001_trust',
    sql: `CREATE TABLE \`shown_commands\` (
	\`hash\` text PRIMARY KEY NOT NULL,
	\`shown_at_ms\` integer NOT NULL
);

CREATE TABLE \`trusted_dirs\` (
	\`dir\` text NOT NULL,
	\`owner_uid\` integer NOT NULL,
	\`trusted_at_ms\` integer NOT NULL,
	PRIMARY KEY(\`dir\`, \`owner_uid\`)
);`,
  },
  {
    name: '0002_setups_and_owners',
    sql: `CREATE TABLE \`setups\` (
	\`project_dir\` text PRIMARY KEY NOT NULL,
	\`fingerprint\` text NOT NULL,
	\`done_at_ms\` integer NOT NULL
);

ALTER TABLE \`runs\` ADD \`owner_pid\` integer;
ALTER TABLE \`runs\` ADD \`owner_start_token\` text;`,
  },
  {
    name: '0003_monotonic_clock',
    sql: `ALTER TABLE \`runs\` ADD \`started_monotonic_ms\` integer;
ALTER TABLE \`services\` ADD \`next_restart_monotonic_ms\` integer;
ALTER TABLE \`services\` ADD \`next_restart_boot_id\` text;`,
  },
];
