/** Reads the packages of some folders, as the library does, in one process. usage: read-packages.mjs CACHE ARCH DIR... */
import { writeSync } from 'node:fs';
import { loadRepositories } from '../../dist/index.js';

const [cacheDir, architecture, ...directories] = process.argv.slice(2);
const pool = await loadRepositories({ architecture, cacheDir, repositories: directories.map((baseurl, i) => ({ id: `r${i}`, baseurl })) });
writeSync(1, `${pool.end - 1}\n`);
