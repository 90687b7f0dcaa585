/** What a service's configuration asks for when it has no reservation yet. */
export type PortPreference =
  /** The next free number, as `reserve-port` gives it. */
  | { readonly kind: 'auto' }
  /** This number, 1024 to 65535; where it is not to be had, the next free one behind it. */
  | { readonly kind: 'preferred'; readonly port: number }
  /** This number, 1024 to 65535, or none. */
  | { readonly kind: 'strict'; readonly port: number };

/** Below, only root may listen. */
export const minPreferredPort = 1024;
