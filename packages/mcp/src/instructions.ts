/** Shown to the client's model as a description of the whole server. */
export const instructions = [
  'Candle reserves ports for the services of a project, runs the services in the background with PORT set to the reserved',
  'port, and keeps their output. To run a service, call GetOrReservePort and CheckStartService (which does not restart a',
  'running service); if something goes wrong, call GetLogs. To configure a new service, call AddServerConfig. Do not poll:',
  'use WaitForLog or WaitForReady. Never choose a port yourself, and never start a dev server in your own shell. Services',
  'that Candle starts keep running after this conversation ends; stop them with KillService.',
].join(' ');
