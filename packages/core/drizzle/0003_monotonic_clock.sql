ALTER TABLE `runs` ADD `started_monotonic_ms` integer;--> statement-breakpoint
ALTER TABLE `services` ADD `next_restart_monotonic_ms` integer;--> statement-breakpoint
ALTER TABLE `services` ADD `next_restart_boot_id` text;