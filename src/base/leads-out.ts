import { isAbsolute, relative } from 'node:path';

/** Whether a normalized relative path leaves its folder. */
export const leadsOut = (path: string): boolean => path === '..' || path.startsWith('../') || isAbsolute(path);

/** Whether a path is the folder or below it. Both must be absolute and without symbolic links. */
export const isWithin = (path: string, folder: string): boolean => !leadsOut(relative(folder, path));
