import { JOB_PRIORITY } from "../model/job.js";
import { TRANSFERS_AT_A_TIME } from "./limits.js";

/** What the queue gives a turn to. */
export interface Transfer {
  /** The value of BG_JOB_PRIORITY: the lowest number comes first. */
  readonly priority: number;
  /** Transfers one file after another. Never rejects. */
  run(): Promise<void>;
}

/** Lets a few transfers run at a time: the most urgent first, those of the same priority in their order of arrival. */
export class TransferQueue {
  readonly #waiting = JOB_PRIORITY.names.map(() => new Set<Transfer>());
  #running = 0;

  add(transfer: Transfer): void {
    this.#waiting[transfer.priority]?.add(transfer);
    this.#startNext();
  }

  /** Whether the transfer waited for its turn, which it does not get any more. */
  remove(transfer: Transfer): boolean {
    return this.#waiting[transfer.priority]?.delete(transfer) ?? false;
  }

  #startNext(): void {
    while (this.#running < TRANSFERS_AT_A_TIME) {
      const next = this.#takeNext();
      if (!next) {
        return;
      }
      this.#running++;
      void next.run().finally(() => {
        this.#running--;
        this.#startNext();
      });
    }
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
