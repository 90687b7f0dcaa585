CREATE TABLE `runs` (
	`id` text PRIMARY KEY NOT NULL,
	`project_dir` text NOT NULL,
	`service_name` text NOT NULL,
	`ticket` integer NOT NULL,
	`status` text NOT NULL,
	`shell` text NOT NULL,
	`root` text NOT NULL,
	`port` integer,
	`fingerprint` text NOT NULL,
	`boot_id` text NOT NULL,
	`guard_pid` integer,
	`guard_start_token` text,
	`started_at_ms` integer NOT NULL,
	`ended_at_ms` integer,
	`exit_code` integer,
	`exit_signal` text,
	`end_reason` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `runs_one_active_per_service` ON `runs` (`project_dir`,`service_name`) WHERE "runs"."ended_at_ms" IS NULL;--> statement-breakpoint
CREATE INDEX `runs_by_service` ON `runs` (`project_dir`,`service_name`,`started_at_ms`);--> statement-breakpoint
CREATE INDEX `runs_active_ports` ON `runs` (`port`) WHERE "runs"."ended_at_ms" IS NULL;--> statement-breakpoint
CREATE TABLE `services` (
	`project_dir` text NOT NULL,
	`name` text NOT NULL,
	`shell` text,
	`root` text,
	`desired` text NOT NULL,
	`ticket` integer NOT NULL,
	`ticket_verb` text NOT NULL,
	`ticket_pid` integer NOT NULL,
	`ticket_start_token` text NOT NULL,
	`turn_pid` integer,
	`turn_start_token` text,
	`turn_since_ms` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `services_by_name` ON `services` (`project_dir`,`name`);