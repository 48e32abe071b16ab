// Our rules in wasm beside XState's actors, on one workload: compare.mjs PATH_OF_THE_MODULE
// Each size and side has a process of its own. A round of warming up is not counted, then the median
// of the others is; both sides get the same events, made before the clock runs, and must end alike.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const SIZES = [10, 1_000, 100_000];
const BATCH = 10_000;
const BATCHES = 20;
const ROUNDS = 5;
const MEGA = 1e6;

const [module, side, size] = process.argv.slice(2);

/** What this process has computed, in microseconds: its garbage collector too. */
const cpu = () => {
  const { user, system } = process.cpuUsage();
  return user + system;
};

const timed = (work) => {
  const before = cpu();
  work();
  return cpu() - before;
};

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

function round(make) {
  globalThis.gc();
  let pool;
  let setUp = 0;
  if (side === 'ours') {
    // The lines are read by then, as XState's machine is.
    pool = make();
    setUp = timed(() => pool.run());
  } else {
    setUp = timed(() => {
      pool = make();
    });
  }
  const memory = pool.memory?.() ?? process.memoryUsage().rss;
  if (side === 'ours') {
    pool.hold();
    pool.run();
  }
  let acting = 0;
  for (let batch = 0; batch < BATCHES; batch += 1) {
    pool.prepare(BATCH);
    acting += timed(() => pool.run());
  }
  const histogram = [...pool.histogram()].join();
  pool.free?.();
  return { setUp, memory, each: acting / (BATCH * BATCHES), histogram };
}

async function measure() {
  const make = side === 'ours'
    ? ((Bench) => () => new Bench(Number(size)))(createRequire(import.meta.url)(module).Bench)
    : ((Actors) => () => new Actors(Number(size)))((await import('./machine.mjs')).Actors);
  const first = round(make);
  const rounds = Array.from({ length: ROUNDS }, () => round(make));
  console.log(JSON.stringify({
    each: median(rounds.map((each) => each.each)),
    setUp: median(rounds.map((each) => each.setUp)),
    firstSetUp: first.setUp,
    // Of a process that did nothing before.
    memory: first.memory,
    histogram: first.histogram,
  }));
}

function run(of, count) {
  const self = fileURLToPath(import.meta.url);
  const args = [...process.execArgv, self, module, of, String(count)];
  const { status, stdout } = spawnSync(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  if (status !== 0) {
    throw new Error(`${of} with ${count} images ended with ${status}`);
  }
  return JSON.parse(stdout);
}

function compare() {
  const row = (...cells) => console.log(cells.map((cell, at) => String(cell).padStart(at ? 14 : 8)).join(''));
  const rate = ({ each }) => `${(1 / each).toFixed(2)} M/s`;
  const cost = ({ setUp, memory }) => `${(setUp / 1e3).toFixed(0)} ms ${(memory / MEGA).toFixed(0)} MB`;
  row('images', 'lab in wasm', 'XState', 'ratio (10)', 'lab: set up', 'first', 'XState: set up');
  for (const count of SIZES) {
    const [lab, peer] = [run('ours', count), run('xstate', count)];
    const first = `${(lab.firstSetUp / 1e3).toFixed(0)} ms`;
    row(count, rate(lab), rate(peer), (peer.each / lab.each).toFixed(1), cost(lab), first, cost(peer));
    if (lab.histogram !== peer.histogram) {
      throw new Error(`the pools of ${count} ended differently:\n${lab.histogram}\n${peer.histogram}`);
    }
  }
  console.log('The bars for 100000 images: set up within 200 ms, at most 100 MB (memory when set up).');
}

if (side) {
  await measure();
} else {
  compare();
}
