/** Starts to count the milliseconds of processor time of this process: wall-clock time includes other processes. */
export function countTime(): () => number {
  const before = process.cpuUsage();
  return () => process.cpuUsage(before).user / 1000;
}
