export * from './command-line.ts';
export * from './events.ts';
export { type Document, described } from './fields.ts';
export * from './logs.ts';
export * from './ports.ts';
export * from './projects.ts';
export * from './services.ts';
export * from './stops.ts';
