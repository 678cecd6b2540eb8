/** A lock that is held until it is released or the process ends, however it ends. */
export interface HeldLock extends Disposable {
  release(): void;
}

export type LockAttempt = { readonly held: HeldLock } | { readonly heldBy: string };

/** Lets one process at a time do a thing, over a lock that the kernel drops with its holder. */
export interface LockKeeper {
  /**
   * @param file where the lock lives; its directory exists
   * @param holder who asks, for the message to the one who comes second, e.g. `gts host scan (pid 12 on web1)`
   * @throws ScannerError `directory_unusable` when the file cannot be written
   */
  tryAcquire(file: string, holder: string): LockAttempt;
  /** Waits its turn; `onWait` is told once who holds it. Rejects with the signal's reason on abort. */
  acquire(
    file: string,
    holder: string,
    options?: { readonly signal?: AbortSignal; readonly onWait?: (heldBy: string) => void },
  ): Promise<HeldLock>;
}
