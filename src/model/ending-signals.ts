/**
 * Signals that ask a process to end, and that people send. SIGUSR1 is among them because Node.js would open its debugger on it, to
 * whoever is on this host, and say so across the screen; left alone, the others would end it with the terminal as it is.
 */
export const ENDING_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2"] as const;
