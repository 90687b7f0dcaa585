/** What a client tells its model of the server as a whole. */
export const instructions = [
  'Candle reserves ports for the services of a project, runs those services in the background with PORT set to the',
  'reserved port, and keeps their output. To run a service: GetOrReservePort, CheckStartService (which leaves one that',
  'runs alone), then GetLogs when something is wrong. A service that is not configured yet: AddServerConfig. Instead of',
  'asking again and again: WaitForLog, WaitForReady. Never choose a port yourself, and never start a dev server in a shell',
  'of yours: services that Candle starts go on when this conversation ends; KillService stops them.',
].join(' ');
