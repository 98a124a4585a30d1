/** `rpm-deps serve`: what the command loads. */
export type { ServeOptions } from './config/settings.ts';
export { start } from './start.ts';
