'use strict';
// Replaces node:tty in the bundle: chalk asks it for the colors of the terminal, and we set them.
exports.isatty = () => false;
