CREATE TABLE `setups` (
	`project_dir` text PRIMARY KEY NOT NULL,
	`fingerprint` text NOT NULL,
	`done_at_ms` integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE `runs` ADD `owner_pid` integer;--> statement-breakpoint
ALTER TABLE `runs` ADD `owner_start_token` text;