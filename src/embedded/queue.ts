import { JOB_PRIORITY } from "../model/job.js";
import { TRANSFERS_AT_A_TIME } from "./limits.js";

/** An entry of the queue. */
export interface Transfer {
  /** The value of BG_JOB_PRIORITY: the lowest number runs first. */
  readonly priority: number;
  /** Transfers one file after another. Never rejects. */
  run(): Promise<void>;
  /** Ends its run and waits for another turn, because a more urgent transfer is waiting. */
  giveWay(): void;
}

interface Turn {
  readonly transfer: Transfer;
  isEnding: boolean;
}

/**
 * Runs a limited number of transfers at a time: the most urgent first, and those of the same priority in the order of arrival. A transfer
 * that is less urgent than a waiting one gives way, because its server decides how long it takes.
 */
export class TransferQueue {
  readonly #waiting = JOB_PRIORITY.names.map(() => new Set<Transfer>());
  readonly #turns = new Set<Turn>();

  add(transfer: Transfer): void {
    this.#waiting[transfer.priority]?.add(transfer);
    this.#startNext();
  }

  /** Removes a waiting transfer from the queue. Returns whether it was waiting. */
  remove(transfer: Transfer): boolean {
    return this.#waiting[transfer.priority]?.delete(transfer) ?? false;
  }

  /** Call this when the priority of a running transfer has changed. */
  reconsider(): void {
    this.#makeRoom();
  }

  #startNext(): void {
    while (this.#turns.size < TRANSFERS_AT_A_TIME) {
      const next = this.#takeNext();
      if (!next) {
        return;
      }
      this.#give(next);
    }
    this.#makeRoom();
  }

  #give(transfer: Transfer): void {
    const turn = { transfer, isEnding: false };
    this.#turns.add(turn);
    void transfer.run().finally(() => {
      this.#turns.delete(turn);
      this.#startNext();
    });
  }

  /** Ends a turn for each waiting transfer that is more urgent than a running one. */
  #makeRoom(): void {
    for (;;) {
      const running = [...this.#turns].filter(({ isEnding }) => !isEnding);
      // Transfers that are already ending make room for the same number.
      const next = this.#priorityOfWaiting(this.#turns.size - running.length);
      const last = running.reduce<Turn | undefined>(
        // Of the same priority, the last one started, which has the least to lose.
        (least, turn) => (least && least.transfer.priority > turn.transfer.priority ? least : turn),
        undefined,
      );
      if (next === undefined || !last || next >= last.transfer.priority) {
        return;
      }
      last.isEnding = true;
      last.transfer.giveWay();
    }
  }

  /** The priority of the transfer at this position of the waiting ones; undefined if there are fewer. */
  #priorityOfWaiting(others: number): number | undefined {
    let before = 0;
    const found = this.#waiting.findIndex(({ size }) => {
      before += size;
      return before > others;
    });
    return found < 0 ? undefined : found;
  }

  #takeNext(): Transfer | undefined {
    for (const waiting of this.#waiting) {
      for (const transfer of waiting) {
        waiting.delete(transfer);
        return transfer;
      }
    }
    return undefined;
  }
}
