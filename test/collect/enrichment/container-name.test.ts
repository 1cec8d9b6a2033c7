import { describe, expect, test } from "vitest";
import { placementOf } from "../../../src/collect/enrichment/container-name.js";

const ID = "3f29a1b2c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f";
const OTHER_ID = "aaaaaaaaaaaabbbbbbbbbbbbccccccccccccddddddddddddeeeeeeeeeeee0123";
const SHORT = "3f29a1b2c4d5";
const UID = "5b8f3c1e-2d4a-4c6b-9e8f-0a1b2c3d4e5f";
const UID_IN_SLICE = "5b8f3c1e_2d4a_4c6b_9e8f_0a1b2c3d4e5f";
const STATIC_UID = "0123456789abcdef0123456789abcdef";

describe("containers", () => {
  test.each([
    ["Docker, systemd driver", `/system.slice/docker-${ID}.scope`, `docker:${SHORT}`],
    ["Docker, cgroupfs driver", `/docker/${ID}`, `docker:${SHORT}`],
    ["Docker with a cgroup parent", `/actions_job/${ID}`, `container:${SHORT}`],
    ["a unit inside of it", `/system.slice/docker-${ID}.scope/system.slice/nginx.service`, `docker:${SHORT}`],
    ["Docker in Docker", `/docker/${OTHER_ID}/docker/${ID}`, `docker:${SHORT}`],
    [
      "rootless Docker",
      `/user.slice/user-1000.slice/user@1000.service/user.slice/docker-${ID}.scope`,
      `docker:${SHORT}`,
    ],
    ["from another cgroup namespace", `/../../docker-${ID}.scope`, `docker:${SHORT}`],
    ["containerd through ctr", `/default/${ID}`, `containerd:${SHORT}`],
    ["containerd's namespace of Kubernetes", `/k8s.io/${ID}`, `containerd:${SHORT}`],
    ["nerdctl", `/system.slice/nerdctl-${ID}.scope`, `nerdctl:${SHORT}`],
    ["Podman, systemd", `/machine.slice/libpod-${ID}.scope`, `podman:${SHORT}`],
    ["Podman with a cgroup inside", `/machine.slice/libpod-${ID}.scope/container`, `podman:${SHORT}`],
    ["Podman, cgroupfs", `/libpod_parent/libpod-${ID}`, `podman:${SHORT}`],
    [
      "rootless Podman",
      `/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-${ID}.scope/container`,
      `podman:${SHORT}`,
    ],
    ["CRI-O without a pod", `/system.slice/crio-${ID}.scope`, `crio:${SHORT}`],
    ["LXC, cgroup v1", "/lxc/web1", "lxc:web1"],
    ["LXC", "/lxc.payload.web1/system.slice/cron.service", "lxc:web1"],
    [
      "systemd-nspawn",
      "/machine.slice/machine-my\\x2dweb.scope/payload/system.slice/cron.service",
      "machine:my-web",
    ],
  ])("%s", (_, path, name) => {
    expect(placementOf(path)).toEqual({ name, network: name });
  });
});

describe("Kubernetes: the pod, and the container in it", () => {
  test.each([
    [
      "containerd, systemd driver",
      `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${UID_IN_SLICE}.slice/cri-containerd-${ID}.scope`,
      UID,
    ],
    [
      "containerd, guaranteed",
      `/kubepods.slice/kubepods-pod${UID_IN_SLICE}.slice/cri-containerd-${ID}.scope`,
      UID,
    ],
    ["containerd, cgroupfs driver", `/kubepods/burstable/pod${UID}/${ID}`, UID],
    [
      "runc without systemd's help",
      `/system.slice/containerd.service/kubepods-besteffort-pod${UID_IN_SLICE}.slice:cri-containerd:${ID}`,
      UID,
    ],
    [
      "CRI-O",
      `/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod${UID_IN_SLICE}.slice/crio-${ID}.scope/container`,
      UID,
    ],
    ["Docker", `/kubepods/besteffort/pod${UID}/${ID}`, UID],
    [
      "Docker, systemd driver",
      `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${UID_IN_SLICE}.slice/docker-${ID}.scope`,
      UID,
    ],
    ["a static pod", `/kubepods/burstable/pod${STATIC_UID}/${ID}`, STATIC_UID],
    [
      "a node that is a container itself",
      `/docker/${OTHER_ID}/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-pod${UID_IN_SLICE}.slice/cri-containerd-${ID}.scope`,
      UID,
    ],
  ])("%s", (_, path, uid) => {
    expect(placementOf(path)).toEqual({ name: `pod:${uid}/${SHORT}`, network: `pod:${uid}` });
  });

  test("the pod alone", () => {
    expect(placementOf(`/kubepods/pod${UID}`)).toEqual({ name: `pod:${UID}`, network: `pod:${UID}` });
  });
});

describe("systemd units", () => {
  test.each([
    ["a service", "/system.slice/nginx.service", "nginx.service"],
    ["one of a template", "/system.slice/system-getty.slice/getty@tty1.service", "getty@tty1.service"],
    ["its own folders below", "/system.slice/libvirtd.service/worker/1", "libvirtd.service"],
    ["a login", "/user.slice/user-1000.slice/session-3.scope", "session-3.scope"],
    [
      "a unit of a user's manager",
      "/user.slice/user-1000.slice/user@1000.service/app.slice/vte-spawn-5b8f3c1e.scope",
      "vte-spawn-5b8f3c1e.scope",
    ],
    ["systemd itself", "/init.scope", "init.scope"],
    ["a name that systemd had to escape", "/system.slice/_cpu.service", "cpu.service"],
    [
      "who watches over Podman's container",
      `/machine.slice/libpod-conmon-${ID}.scope`,
      `libpod-conmon-${ID}.scope`,
    ],
    [
      "who watches over CRI-O's container",
      `/system.slice/crio-conmon-${ID}.scope`,
      `crio-conmon-${ID}.scope`,
    ],
    ["containerd itself", "/system.slice/containerd.service", "containerd.service"],
    ["kubelet, which is in no pod", "/kubelet.slice/kubelet.service", "kubelet.service"],
  ])("%s", (_, path, name) => {
    expect(placementOf(path)).toEqual({ name, network: null });
  });
});

test.each([
  "/",
  "/user.slice/user-1000.slice",
  "/mine",
  `/${ID.slice(1)}`,
  `/docker/${SHORT}`,
  "/docker",
  "/lxc",
  "",
])("none: %s", (path) => {
  expect(placementOf(path)).toBeNull();
});
