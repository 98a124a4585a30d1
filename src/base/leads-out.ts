import { isAbsolute, relative } from 'node:path';

/** Whether a normalized path that starts in a folder leads out of it. */
export const leadsOut = (path: string): boolean => path === '..' || path.startsWith('../') || isAbsolute(path);

/** Whether a path without links is that of the folder or below it. Both are absolute. */
export const isWithin = (path: string, folder: string): boolean => !leadsOut(relative(folder, path));
