/** Entry of `rpm-deps serve`. */
export type { ServeOptions } from './config/settings.ts';
export { start } from './start.ts';
