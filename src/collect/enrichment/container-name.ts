/** What a cgroup's path says of who runs in it. */
export interface Placement {
  /**
   * A container as `docker:0123456789ab`, in a Kubernetes pod as `pod:<uid>/0123456789ab`; a machine of systemd as `machine:web`;
   * else the innermost systemd unit, as `nginx.service`.
   */
  readonly name: string;
  /** Whose network namespace its processes are in by rights: that of the pod, the container or the machine; null for a unit. */
  readonly network: string | null;
}

/** `docker-<id>.scope`, `cri-containerd-<id>.scope`, `libpod-<id>`, and runc's own form `<slice>:<prefix>:<id>`. */
const PREFIXED_ID = /^(?:.*:)?([a-z][a-z-]*)[-:]([0-9a-f]{64})(?:\.scope)?$/;
const BARE_ID = /^[0-9a-f]{64}$/;
/** As many digits as `docker ps` shows; every tool takes them. */
const SHOWN_DIGITS = 12;

/** Under another name than the one by which the runtime is known; a prefix that is not here stands for itself. */
const RUNTIME_BY_PREFIX: ReadonlyMap<string, string> = new Map([
  ["cri-containerd", "containerd"],
  ["libpod", "podman"],
]);

/** Of an id without a prefix the folder above tells: a runtime's own, or containerd's namespace. */
const RUNTIME_BY_PARENT: ReadonlyMap<string, string> = new Map([
  ["docker", "docker"],
  ["moby", "docker"],
  ["podman", "podman"],
  ["libpod_parent", "podman"],
  ["k8s.io", "containerd"],
  ["default", "containerd"],
]);

/** The pod's uid, with `_` for `-` where systemd makes the cgroups; 32 digits for static pods. */
const POD = /(?:^|-)pod([0-9a-f]{8}(?:[-_][0-9a-f]{4}){3}[-_][0-9a-f]{12}|[0-9a-f]{32})(?=$|\.slice)/;

const LXC = /^lxc\.payload\.(.+)$/;
const MACHINE = /^machine-(.+)\.scope$/;
const UNIT = /^_?(.+\.(?:service|scope|socket|mount|swap))$/;

/** Who runs in the cgroup with that path: the innermost container, else the innermost unit; null when neither is in it. */
export function placementOf(path: string): Placement | null {
  const folders = path.split("/").filter((folder) => folder !== "");
  const container = innermost(folders, containerAt);
  const pod = path.includes("kubepods") ? innermost(folders, podAt) : null;
  if (pod !== null) return placedInPod(pod, container);
  if (container !== null) return { name: container.name, network: container.name };
  const unit = innermost(folders, (folder) => UNIT.exec(folder)?.[1] ?? null);
  return unit === null ? null : { name: unit, network: null };
}

interface Container {
  readonly name: string;
  /** null for what goes by a name. */
  readonly id: string | null;
}

function placedInPod(uid: string, container: Container | null): Placement {
  const pod = `pod:${uid}`;
  return { name: container === null || container.id === null ? pod : `${pod}/${container.id}`, network: pod };
}

function innermost<Found>(
  folders: readonly string[],
  find: (folder: string, parent: string) => Found | null,
): Found | null {
  for (let at = folders.length - 1; at >= 0; at--) {
    const found = find(folders[at] ?? "", folders[at - 1] ?? "");
    if (found !== null) return found;
  }
  return null;
}

function containerAt(folder: string, parent: string): Container | null {
  if (BARE_ID.test(folder)) return withId(RUNTIME_BY_PARENT.get(parent) ?? "container", folder);
  const [, prefix, id] = PREFIXED_ID.exec(folder) ?? [];
  if (prefix !== undefined && id !== undefined) {
    // conmon watches over a container from outside.
    return prefix.endsWith("conmon") ? null : withId(RUNTIME_BY_PREFIX.get(prefix) ?? prefix, id);
  }
  const lxc = LXC.exec(folder)?.[1] ?? (parent === "lxc" || parent === "lxc.payload" ? folder : undefined);
  if (lxc !== undefined) return { name: `lxc:${lxc}`, id: null };
  const machine = MACHINE.exec(folder)?.[1];
  return machine === undefined ? null : { name: `machine:${unescapeUnit(machine)}`, id: null };
}

function withId(runtime: string, id: string): Container {
  const shown = id.slice(0, SHOWN_DIGITS);
  return { name: `${runtime}:${shown}`, id: shown };
}

function podAt(folder: string): string | null {
  // runc's own form has the container in the same folder: `kubepods-burstable-pod<uid>.slice:cri-containerd:<id>`.
  return POD.exec(folder.split(":")[0] ?? "")?.[1]?.replaceAll("_", "-") ?? null;
}

/** systemd's `\x2d` for what can't be in a unit's name. */
function unescapeUnit(name: string): string {
  return name.replace(/\\x([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
