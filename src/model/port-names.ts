/**
 * Services as people on call know them: by the names that IANA registered (RFC 6335), but for `oracle` and `rdp`. Not
 * /etc/services: the same filter means the same on every host.
 */
const NAMES: Readonly<Record<string, number>> = {
  "ftp-data": 20,
  ftp: 21,
  ssh: 22,
  telnet: 23,
  smtp: 25,
  domain: 53,
  bootps: 67,
  bootpc: 68,
  tftp: 69,
  http: 80,
  kerberos: 88,
  pop3: 110,
  sunrpc: 111,
  ntp: 123,
  "netbios-ssn": 139,
  imap: 143,
  snmp: 161,
  snmptrap: 162,
  bgp: 179,
  ldap: 389,
  https: 443,
  "microsoft-ds": 445,
  submissions: 465,
  isakmp: 500,
  syslog: 514,
  submission: 587,
  ipp: 631,
  ldaps: 636,
  rsync: 873,
  imaps: 993,
  pop3s: 995,
  "ms-sql-s": 1433,
  oracle: 1521,
  radius: 1812,
  mqtt: 1883,
  nfs: 2049,
  "etcd-client": 2379,
  "etcd-server": 2380,
  iscsi: 3260,
  mysql: 3306,
  rdp: 3389,
  stun: 3478,
  epmd: 4369,
  "ipsec-nat-t": 4500,
  sip: 5060,
  sips: 5061,
  mdns: 5353,
  postgresql: 5432,
  amqps: 5671,
  amqp: 5672,
  redis: 6379,
  "http-alt": 8080,
  "secure-mqtt": 8883,
  git: 9418,
  memcache: 11211,
};

const portsByName: ReadonlyMap<string, number> = new Map(Object.entries(NAMES));
const namesByPort: ReadonlyMap<number, string> = new Map(
  Object.entries(NAMES).map(([name, port]) => [port, name]),
);

/** All names, by ascending port. */
export const PORT_NAMES: readonly string[] = [...portsByName.keys()];

/** The port of that service, in either case; undefined for a name that is not in the table. */
export function portOfName(name: string): number | undefined {
  return portsByName.get(name.toLowerCase());
}

/** The service that the port is for: what is in fact spoken there is not known. Null when there is no name. */
export function nameOfPort(port: number): string | null {
  return namesByPort.get(port) ?? null;
}
