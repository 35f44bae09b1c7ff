'use strict';
// Stands for node:tty in the bundle: chalk asks it what the terminal can, and we tell chalk.
exports.isatty = () => false;
