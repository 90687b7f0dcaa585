ALTER TABLE `runs` ADD `attempt` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `runs` ADD `confirmed_at_ms` integer;--> statement-breakpoint
ALTER TABLE `runs` ADD `log_start` text;--> statement-breakpoint
ALTER TABLE `services` ADD `attempts` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `services` ADD `next_restart_at_ms` integer;--> statement-breakpoint
ALTER TABLE `services` ADD `crash_looped_at_ms` integer;--> statement-breakpoint
ALTER TABLE `services` ADD `refusal` text;--> statement-breakpoint
ALTER TABLE `services` ADD `log_max_bytes` integer;--> statement-breakpoint
ALTER TABLE `services` ADD `log_max_age_ms` integer;