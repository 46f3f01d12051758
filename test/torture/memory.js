// The growth of Node's memory during a stress test.

const MOST_GROWTH_IN_MB = 10;

/** The memory that Node needs at the end in addition to that after a tenth, when everything that is created once exists. */
export class Memory {
  #tally;
  #before;

  constructor(tally) {
    this.#tally = tally;
  }

  reached(part) {
    if (!this.#before && part >= 0.1) {
      this.#before = Memory.#megabytes();
    }
  }

  grown() {
    const [resident, heap] = Memory.#megabytes().map((now, i) => now - this.#before[i]);
    // Resident memory varies with Node's own pools: `npm run bench` measures it, in a process that does nothing else.
    if (heap >= MOST_GROWTH_IN_MB) {
      this.#tally.wrong.push(`the heap of Node grew by ${heap} MB`);
    }
    return `heap of Node ${heap.toFixed(1)} MB more than after a tenth, resident ${resident.toFixed(1)} MB`;
  }

  static #megabytes() {
    global.gc();
    const { rss, heapUsed } = process.memoryUsage();
    return [rss / 1e6, heapUsed / 1e6];
  }
}
