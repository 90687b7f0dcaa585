/** The hooks of plugins that are run at all, in a process of their own: no plugin is on the way of a command of Candle. */
const events = ['service-started', 'service-stopped', 'port-reserved', 'port-released'];

export function isEvent(hook: string): boolean {
  return events.includes(hook);
}
