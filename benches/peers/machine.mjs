// The reduction of ../workload.rs as XState v5 actors, and its events. Everything that decides a
// transition is told in XState's own terms; events are made once, so that no actor pays for them.
import { assign, createActor, setup } from 'xstate';

/** The states in the order of `ImageState`; in INIT there is no image. */
export const STATES = ['INIT', 'READY', 'USED', 'DISABLED', 'LOCKED', 'ERROR', 'CLONE', 'DELETE', 'USED_PERS',
  'LOCKED_USED', 'LOCKED_USED_PERS'];

const WEIGHTS = { CREATE: 4, COPY_OK: 3, COPY_FAIL: 1, ACQUIRE: 4, RELEASE: 7, CLONE_START: 2, CLONE_OK: 2,
  CLONE_FAIL: 1, ENABLE: 2, DISABLE: 2, DELETE: 1, RM_OK: 2, RM_FAIL: 1 };

const TABLE = Object.entries(WEIGHTS).flatMap(([type, weight]) => {
  const event = (persistent) => ({ type, persistent });
  return Array(weight).fill([event(false), event(true)]);
});

const NOTHING = { persistent: false, source: false, removing: 0, running: 0, cloning: 0 };

const guards = {
  persistent: ({ context }) => context.persistent,
  source: ({ context }) => context.source,
  removing: ({ context }) => context.removing > 0,
  idle: ({ context }) => context.running === 0,
  idleSource: ({ context }) => context.running === 0 && context.source,
  running: ({ context }) => context.running > 0,
  last: ({ context }) => context.running === 1,
  lastOfAll: ({ context }) => context.running === 1 && context.cloning === 0,
  cloning: ({ context }) => context.cloning > 0,
  lastCopyOfAll: ({ context }) => context.cloning === 1 && context.running === 0,
};

const actions = {
  create: assign(({ event }) => ({ ...NOTHING, persistent: event.persistent })),
  arrive: assign({ source: true }),
  acquire: assign({ running: ({ context }) => context.running + 1 }),
  release: assign({ running: ({ context }) => context.running - 1 }),
  startCopy: assign({ cloning: ({ context }) => context.cloning + 1 }),
  endCopy: assign({ cloning: ({ context }) => context.cloning - 1 }),
  remove: assign({ removing: ({ context }) => context.removing + 1 }),
  fail: assign({ removing: ({ context }) => context.removing - 1 }),
  vanish: assign(() => NOTHING),
};

const gone = { target: '#image.INIT', actions: 'vanish' };
const remove = [{ guard: 'source', target: 'DELETE', actions: 'remove' }, gone];
const arrive = (target) => ({ COPY_OK: { target, actions: 'arrive' }, COPY_FAIL: 'ERROR' });
const release = (guard, target) => [{ guard, target, actions: 'release' }, { guard: 'running', actions: 'release' }];
const endCopy = [{ guard: 'lastCopyOfAll', target: 'READY', actions: 'endCopy' }, { guard: 'cloning', actions: 'endCopy' }];

const machine = setup({ guards, actions }).createMachine({
  id: 'image',
  initial: 'READY',
  context: { ...NOTHING, source: true },
  on: { RM_OK: { guard: 'removing', ...gone }, RM_FAIL: { guard: 'removing', target: '.ERROR', actions: 'fail' } },
  states: {
    INIT: { on: { CREATE: { target: 'LOCKED', actions: 'create' } } },
    READY: {
      on: {
        ACQUIRE: [{ guard: 'persistent', target: 'USED_PERS', actions: 'acquire' }, { target: 'USED', actions: 'acquire' }],
        CLONE_START: [{ guard: 'persistent', target: 'CLONE', actions: 'startCopy' }, { target: 'USED', actions: 'startCopy' }],
        ENABLE: {},
        DISABLE: { guard: 'idle', target: 'DISABLED' },
        DELETE: [{ guard: 'idleSource', target: 'DELETE', actions: 'remove' }, { guard: 'idle', ...gone }],
      },
    },
    USED: {
      on: {
        ACQUIRE: { actions: 'acquire' },
        RELEASE: release('lastOfAll', 'READY'),
        CLONE_START: { actions: 'startCopy' },
        CLONE_OK: endCopy,
        CLONE_FAIL: endCopy,
      },
    },
    DISABLED: { on: { ENABLE: 'READY', DISABLE: {}, DELETE: remove } },
    LOCKED: {
      on: {
        ...arrive('READY'),
        ACQUIRE: [
          { guard: 'persistent', target: 'LOCKED_USED_PERS', actions: 'acquire' },
          { target: 'LOCKED_USED', actions: 'acquire' },
        ],
      },
    },
    ERROR: {
      on: {
        ENABLE: [{ guard: 'idle', target: 'READY' }, { guard: 'persistent', target: 'USED_PERS' }, { target: 'USED' }],
        DISABLE: { guard: 'idle', target: 'DISABLED' },
        DELETE: remove,
      },
    },
    CLONE: { on: { CLONE_START: { actions: 'startCopy' }, CLONE_OK: endCopy, CLONE_FAIL: endCopy } },
    DELETE: { on: { DELETE: { actions: 'remove' } } },
    USED_PERS: { on: { RELEASE: release('last', 'READY') } },
    LOCKED_USED: { on: { ...arrive('USED'), ACQUIRE: { actions: 'acquire' }, RELEASE: release('last', 'LOCKED') } },
    LOCKED_USED_PERS: { on: { ...arrive('USED_PERS'), RELEASE: release('last', 'LOCKED') } },
  },
});

/** A pool of actors, one for each image. */
export class Actors {
  constructor(size) {
    this.actors = Array.from({ length: size }, () => createActor(machine).start());
    this.chance = 12345;
    this.next = [];
  }

  draw() {
    this.chance = (Math.imul(this.chance, 1664525) + 1013904223) >>> 0;
    return this.chance;
  }

  /** Makes the next events. */
  prepare(count) {
    this.next = Array.from({ length: count }, () => {
      const actor = this.actors[(this.draw() >>> 8) % this.actors.length];
      const drawn = this.draw();
      return [actor, TABLE[drawn >>> 27][(drawn >>> 26) & 1]];
    });
  }

  /** Sends them. */
  run() {
    for (const [actor, event] of this.next) {
      actor.send(event);
    }
  }

  /** How many images are in each state. */
  histogram() {
    const counts = Array(STATES.length).fill(0);
    for (const actor of this.actors) {
      counts[STATES.indexOf(actor.getSnapshot().value)] += 1;
    }
    return counts;
  }
}
