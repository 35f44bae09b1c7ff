// Loaded into each measured program: says at its end how much CPU time it took, in microseconds, and its memory at most, in kB.
const { writeSync } = require('node:fs');
process.on('exit', () => {
  const { user, system } = process.cpuUsage();
  writeSync(3, `${user + system} ${process.resourceUsage().maxRSS}`);
});
