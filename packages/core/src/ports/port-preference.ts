/** The port that a service's configuration requests while the service has no reservation. */
export type PortPreference =
  /** The next free port, as `reserve-port` assigns it. */
  | { readonly kind: 'auto' }
  /** This port, 1024 to 65535; if it is not available, the next free port after it. */
  | { readonly kind: 'preferred'; readonly port: number }
  /** This port, 1024 to 65535, or none. */
  | { readonly kind: 'strict'; readonly port: number };

/** Only root can listen on lower ports. */
export const minPreferredPort = 1024;
