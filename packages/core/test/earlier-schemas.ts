// The SQL of the schemas that builds before the first release wrote, for tests of the conversion.
// biome-ignore-all format: generated

/** In order: the first `n` make schema `n`. */
export const earlierSchemas: readonly string[] = [
  `CREATE TABLE \`meta\` (
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
CREATE INDEX \`reservations_by_project\` ON \`reservations\` (\`project_dir\`);`,
  `CREATE TABLE \`runs\` (
	\`id\` text PRIMARY KEY NOT NULL,
	\`project_dir\` text NOT NULL,
	\`service_name\` text NOT NULL,
	\`ticket\` integer NOT NULL,
	\`status\` text NOT NULL,
	\`shell\` text NOT NULL,
	\`root\` text NOT NULL,
	\`port\` integer,
	\`fingerprint\` text NOT NULL,
	\`boot_id\` text NOT NULL,
	\`guard_pid\` integer,
	\`guard_start_token\` text,
	\`started_at_ms\` integer NOT NULL,
	\`ended_at_ms\` integer,
	\`exit_code\` integer,
	\`exit_signal\` text,
	\`end_reason\` text
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
	\`ticket\` integer NOT NULL,
	\`ticket_verb\` text NOT NULL,
	\`ticket_pid\` integer NOT NULL,
	\`ticket_start_token\` text NOT NULL,
	\`turn_pid\` integer,
	\`turn_start_token\` text,
	\`turn_since_ms\` integer
);

CREATE UNIQUE INDEX \`services_by_name\` ON \`services\` (\`project_dir\`,\`name\`);`,
  `ALTER TABLE \`runs\` ADD \`attempt\` integer DEFAULT 0 NOT NULL;
ALTER TABLE \`runs\` ADD \`confirmed_at_ms\` integer;
ALTER TABLE \`runs\` ADD \`log_start\` text;
ALTER TABLE \`services\` ADD \`attempts\` integer DEFAULT 0 NOT NULL;
ALTER TABLE \`services\` ADD \`next_restart_at_ms\` integer;
ALTER TABLE \`services\` ADD \`crash_looped_at_ms\` integer;
ALTER TABLE \`services\` ADD \`refusal\` text;
ALTER TABLE \`services\` ADD \`log_max_bytes\` integer;
ALTER TABLE \`services\` ADD \`log_max_age_ms\` integer;`,
];
