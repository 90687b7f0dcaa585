CREATE TABLE `meta` (
	`key` text PRIMARY KEY NOT NULL,
	`value` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `port_cursor` (
	`id` integer PRIMARY KEY NOT NULL,
	`next_port` integer NOT NULL,
	`issued` integer NOT NULL,
	CONSTRAINT "port_cursor_one_row" CHECK("port_cursor"."id" = 1)
);
--> statement-breakpoint
CREATE TABLE `reservations` (
	`port` integer PRIMARY KEY NOT NULL,
	`project_dir` text NOT NULL,
	`service_name` text,
	`reserved_at_ms` integer NOT NULL,
	`seq` integer NOT NULL,
	CONSTRAINT "reservations_port_range" CHECK("reservations"."port" BETWEEN 1 AND 65535)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `reservations_one_per_service` ON `reservations` (`project_dir`,`service_name`) WHERE "reservations"."service_name" IS NOT NULL;--> statement-breakpoint
CREATE INDEX `reservations_by_project` ON `reservations` (`project_dir`);