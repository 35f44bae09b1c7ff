// How benchmarks run programs: alternating, with their CPU time and memory.
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

const hook = resolve(import.meta.dirname, 'cpu.cjs');

export const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** Runs Node once: milliseconds of wall and CPU time, and MB of memory. */
function measure(args) {
  const start = process.hrtime.bigint();
  const { status, output } = spawnSync(process.execPath, ['--require', hook, ...args], {
    stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
  });
  const wall = Number(process.hrtime.bigint() - start) / 1e6;
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}`);
  const [cpu, memory] = String(output[3]).split(' ').map(Number);
  return { wall, cpu: cpu / 1e3, memory: memory / 1024 };
}

/** Runs of each command, alternating, so that a machine that slows down slows all of them. The first round does not count. */
export function inTurn(commands, times) {
  const figures = commands.map(() => []);
  for (let i = 0; i <= times; i++)
    for (const [at, args] of commands.entries()) {
      const one = measure(args);
      if (i > 0) figures[at].push(one);
    }
  return figures;
}
