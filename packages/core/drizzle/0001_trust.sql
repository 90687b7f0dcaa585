CREATE TABLE `shown_commands` (
	`hash` text PRIMARY KEY NOT NULL,
	`shown_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `trusted_dirs` (
	`dir` text NOT NULL,
	`owner_uid` integer NOT NULL,
	`trusted_at_ms` integer NOT NULL,
	PRIMARY KEY(`dir`, `owner_uid`)
);
