import koffi from "koffi";

const tcflushCall = koffi.load(null).func("int tcflush(int fd, int queue_selector)");
/** include/uapi/asm-generic/termbits-common.h */
const TCOFLUSH = 1;

/**
 * Drops what was written to a terminal and has not been read by its other end. A pseudo-terminal's reader (sshd, tmux) may
 * already have taken some of it: up to 4 KiB. Without effect where the descriptor is no terminal any more.
 */
export function discardUnread(terminal: number): void {
  tcflushCall(terminal, TCOFLUSH);
}
