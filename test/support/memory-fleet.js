// Plain JavaScript, because programs without a compiler use it too.
import { BridgeError } from "../../dist/index.js";

/**
 * @typedef {import("../../src/port/engine.js").FleetEngine} FleetEngine
 * @typedef {import("../../src/port/engine.js").FleetHost} FleetHost
 * @typedef {import("../../src/port/engine.js").OpenOptions} OpenOptions
 * @typedef {import("../../src/words/bridge-codes.js").BridgeErrorCode} BridgeErrorCode
 */

/**
 * What goes wrong with a host.
 *
 * @typedef {object} HostFault
 * @property {BridgeErrorCode} [connect] The code with which it can't be connected to.
 * @property {number} [times] How often; every time by default.
 * @property {"open" | "list" | "change"} [hangs] What never ends.
 * @property {"before" | "after"} [lost] Whether the connection ends before or after a change has its effect.
 * @property {number} [refuses] The HRESULT with which it refuses every change.
 * @property {unknown} [throws] What its engine throws.
 */

/**
 * @typedef {object} MemoryJob
 * @property {string} jobId
 * @property {number} state
 * @property {string} [displayName]
 * @property {string} [owner]
 * @property {number} [ownerIntegrityLevel]
 */

const STATES = { "job.suspend": 3, "job.resume": 0, "job.complete": 7, "job.cancel": 8 };
const NAMES = { "job.suspend": "Suspend", "job.resume": "Resume", "job.complete": "Complete", "job.cancel": "Cancel" };
const BG_E_NOT_FOUND = 0x80200001;
const E_ACCESSDENIED = 0x80070005;

/** @param {number} i */
export const guid = (i) => `00000000-0000-4000-8000-${String(i).padStart(12, "0")}`;

/** Hosts in memory. */
export class MemoryFleet {
  /** @type {Map<string, MemoryJob[]>} */
  jobs = new Map();
  /** @type {Map<string, HostFault>} */
  faults = new Map();
  /** The integrity levels of the accounts that are not administrators. @type {Map<string, number>} */
  integrity = new Map();
  /** What was done, such as `open pc-1` and `cancel pc-1 GUID`. @type {string[]} */
  did = [];
  /** The number of hosts that are open now, and the largest number so far. */
  open = 0;
  mostOpen = 0;
  isAdministrator = true;
  /** Is called with everything that is done, before it has its effect. @type {(what: string) => unknown} */
  before = () => {};
  #keepsRecord;

  /**
   * @param {{ keepsRecord?: boolean }} [options] `keepsRecord`: whether `did` is kept, which costs memory.
   */
  constructor({ keepsRecord = true } = {}) {
    this.#keepsRecord = keepsRecord;
  }

  /**
   * Adds a host with so many jobs.
   *
   * @param {string} name
   * @param {number | MemoryJob[]} jobs
   * @param {HostFault} [fault]
   */
  add(name, jobs, fault) {
    const made = typeof jobs === "number" ? Array.from({ length: jobs }, (_, i) => makeJob(name, i)) : jobs;
    this.jobs.set(name, made);
    if (fault) {
      this.faults.set(name, fault);
    }
    return name;
  }

  /** Adds hosts with one job each. @param {number} count */
  addMany(count) {
    return Array.from({ length: count }, (_, i) => this.add(`pc-${String(i).padStart(5, "0")}`, 1));
  }

  /** @returns {FleetEngine} */
  engine() {
    return {
      name: "memory",
      open: (host, options) => this.#open(host, options),
    };
  }

  /** @param {string} what */
  #do(what) {
    if (this.#keepsRecord) {
      this.did.push(what);
    }
    return this.before(what);
  }

  /**
   * @param {string} host
   * @param {string} jobId
   * @param {(job: MemoryJob) => void} change
   */
  #find(host, jobId, change) {
    const job = this.jobs.get(host)?.find((one) => one.jobId === jobId && one.state < STATES["job.complete"]);
    if (job) {
      change(job);
    }
    return job;
  }

  /**
   * @param {FleetHost} host
   * @param {OpenOptions} options
   * @returns {Promise<import("../../src/port/engine.js").FleetLink>}
   */
  async #open({ name }, { language, signal, withIntegrity }) {
    await this.#do(`open ${name}`);
    const fault = this.faults.get(name);
    if (fault && "throws" in fault) {
      throw fault.throws;
    }
    if (fault?.connect && (fault.times ?? 1) > 0) {
      fault.times = fault.times === undefined ? undefined : fault.times - 1;
      const values = { host: name, detail: "a reason", path: "powershell.exe", seconds: 1 };
      throw new BridgeError(fault.connect, { outcome: "not sent", values }, language);
    }
    if (fault?.hangs === "open") {
      await never(signal);
    }
    this.open++;
    this.mostOpen = Math.max(this.mostOpen, this.open);
    let isOpen = true;
    const close = async () => {
      this.open -= isOpen ? 1 : 0;
      isOpen = false;
    };
    return {
      moduleSha256: "ab".repeat(32),
      remote: {
        windows: "10.0.26100",
        powershell: "5.1.26100.1",
        edition: "Desktop",
        user: "user",
        elevated: true,
        integrity: withIntegrity ? (this.integrity.get(name) ?? 0x3000) : undefined,
        logon: "network",
      },
      port: {
        managerInterface: "IBackgroundCopyManager",
        request: async (method, params, options) => {
          options?.signal?.throwIfAborted();
          if (!isOpen) {
            throw new BridgeError("CLOSED", { outcome: "not sent" }, language);
          }
          const result = await this.#answer(name, method, params, options?.signal ?? signal, () => {
            isOpen = false;
            this.open--;
            const values = { host: name, detail: "cut off" };
            return new BridgeError("HOST_LOST", { outcome: "unknown", values }, language);
          });
          return /** @type {never} */ (result);
        },
        close,
      },
      close,
    };
  }

  /**
   * @param {string} host
   * @param {string} method
   * @param {any} params
   * @param {AbortSignal} signal
   * @param {() => Error} lose
   */
  async #answer(host, method, params, signal, lose) {
    const jobs = this.jobs.get(host) ?? [];
    const fault = this.faults.get(host);
    if (method === "job.list") {
      await this.#do(`list ${host}`);
      if (fault?.hangs === "list") {
        await never(signal);
      }
      const refused = params.allUsers && !this.isAdministrator;
      const jobIds = jobs.filter(({ state }) => state < STATES["job.complete"]).map(({ jobId }) => jobId);
      return {
        hresult: refused ? E_ACCESSDENIED : 0,
        method: "IBackgroundCopyManager::EnumJobs",
        ...(!refused && { jobIds }),
      };
    }
    if (method === "job.describe") {
      await this.#do(`describe ${host}`);
      return { items: params.jobIds.map((/** @type {string} */ jobId) => this.#describe(jobs, jobId)) };
    }
    const verb = /** @type {keyof typeof STATES} */ (method);
    if (fault?.hangs === "change") {
      await never(signal);
    }
    if (fault?.lost === "before") {
      throw lose();
    }
    const items = [];
    for (const jobId of params.jobIds) {
      items.push(await this.#change(host, verb, jobId, fault));
    }
    if (fault?.lost === "after") {
      throw lose();
    }
    return { items };
  }

  /**
   * @param {MemoryJob[]} jobs
   * @param {string} jobId
   */
  #describe(jobs, jobId) {
    const job = jobs.find((one) => one.jobId === jobId && one.state < STATES["job.complete"]);
    if (!job) {
      return { jobId, hresult: BG_E_NOT_FOUND, method: "IBackgroundCopyManager::GetJob" };
    }
    const { state, displayName, owner, ownerIntegrityLevel } = job;
    const described = { state, displayName, owner, ownerIntegrityLevel };
    const given = Object.fromEntries(Object.entries(described).filter(([, value]) => value !== undefined));
    return { jobId, hresult: 0, method: "IBackgroundCopyJob::GetState", job: given };
  }

  /**
   * @param {string} host
   * @param {keyof typeof STATES} verb
   * @param {string} jobId
   * @param {HostFault | undefined} fault
   */
  async #change(host, verb, jobId, fault) {
    await this.#do(`${NAMES[verb].toLowerCase()} ${host} ${jobId}`);
    const method = `IBackgroundCopyJob::${NAMES[verb]}`;
    if (fault?.refuses) {
      return { jobId, hresult: fault.refuses, method };
    }
    let stateBefore;
    const job = this.#find(host, jobId, (found) => {
      stateBefore = found.state;
      found.state = STATES[verb];
    });
    return job
      ? { jobId, hresult: 0, method, stateBefore, stateAfter: job.state }
      : { jobId, hresult: BG_E_NOT_FOUND, method: "IBackgroundCopyManager::GetJob" };
  }
}

/**
 * @param {string} host
 * @param {number} i
 * @returns {MemoryJob}
 */
function makeJob(host, i) {
  const number = Number(/\d+$/.exec(host)?.[0] ?? 0);
  const jobId = guid(number * 1000 + i);
  return { jobId, state: 2, displayName: `nightly ${i}`, owner: "S-1-5-21-1", ownerIntegrityLevel: 0x3000 };
}

/** @param {AbortSignal} signal */
function never(signal) {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason));
  });
}
