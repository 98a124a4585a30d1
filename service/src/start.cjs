'use strict';
// The command is CommonJS whose bytecode is kept, which cannot import: this file can, in every version of Node.
exports.start = (options) => import('./index.js').then(({ start }) => start(options));
