import { release } from "node:os";

/** What tcptop says on stderr at its start on this kernel: that it can't count UDP, where sock_send_length (6.3) is not there. */
export const START_NOTICES: string = countsDatagrams(release())
  ? ""
  : "tcptop: UDP sockets are shown without bytes and peers: that needs Linux 6.3\n";

function countsDatagrams(kernel: string): boolean {
  const [major = 0, minor = 0] = kernel.split(".").map(Number);
  return major > 6 || (major === 6 && minor >= 3);
}
